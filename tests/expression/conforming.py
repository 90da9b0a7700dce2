"""The expressions tried against JavaRosa, and the differences that have a reason."""

_EVERYWHERE = r"""
${n} < 18
${n} >= 0
${n} <= 0
${n} <= ${n2}
${m} <= 2.5
${d} <= ${d2}
${n} > ${m}
${n} = 0
${n} != 0
${n} = ''
${n} != ''
${n} = ${n2}
${n} != ${n2}
${n} = ${s}
${m} = ${n}
${s} = 'yes'
${s} != 'YES'
${s} = 10
${s} = ${t}
${s} < 11
${s} < '9'
${s} > ${t}
${so} = 'a'
${so} = 10
${sm} = 'a b'
${d} = ${d2}
${d} > ${d2}
${d} = '2011-08-01'
${d} > date('2011-08-01')
${d} = 15187
${d} - ${d2}
${d} + 1
${dt} > ${d}
${dt} = ${d}
${dt} - ${d}
${tm} = '10:30'
${tm} > ${d}
${n} + 1
${n} - ${n2}
${n} * ${m}
${n} div ${n2}
${n} mod ${n2}
${m} mod 2
-5 mod 2
-${n}
-${s}
--${n}
1 div 0
-1 div 0
0 div 0
1 div -0
${s} + 1
${n} and ${s}
${n} or ${s}
${d} and ${n2}
${s} or ${n}
${n} = 7 and ${x} = 3
${n} = 7 or ${x} = 3
${n} = ${n2} and ${n} = 0 and ${x}
coalesce(${n}, ${x})
coalesce(${x}, ${n})
if(${n} = 7, ${x}, 2)
once(${x})
${n} = 0 = 'x'
(${n} = 0) = ${s}
(${n} = 0) + 1
selected(${sm}, 'a')
selected(${sm}, ' a ')
selected(${sm}, 'b')
selected(${so}, 'a')
selected(${so}, '10')
selected(${s}, '')
selected(${sm}, ${so})
is-selected(${sm}, 'a')
count-selected(${sm})
count-selected(${so})
count-selected(${s})
selected-at(${sm}, 0)
selected-at(${sm}, 1)
selected-at(${sm}, -1)
selected-at(${sm}, ${n})
jr:choice-name(${so}, '${so}')
if(${n} > 0, 'pos', 'neg')
if(${s}, 'T', 'F')
if(${n}, 1, '')
if(${d}, ${d}, ${n})
coalesce(${n}, ${m})
coalesce(${s}, 'none')
coalesce(${n} + 1, 0)
once(${n})
not(${n})
not(${s})
not(${n} = 0)
boolean(${n})
boolean(${s})
boolean(${m} * 0)
boolean-from-string(${t})
boolean-from-string(${n})
boolean-from-string('TRUE')
true()
false()
checklist(1, 2, ${n}, ${s}, ${m})
checklist(-1, 1, ${n} > 0, ${s} = 'yes')
weighted-checklist(1, 2, ${n}, 1, ${s}, 0.5)
number(${s})
number(${n})
number(${d})
number(${dt})
number(${n} = 0)
number('1,5')
number('-')
number('5.')
number('.5')
number('1e3')
int(${m})
int(${s})
int(-2.5)
int(2000000000 * 1000)
round(${m})
round(-2.5)
round(2.5)
round(0.49999999999999994)
round(${m}, 1)
round(1.005, 2)
round(-1.005, 2)
round(1234.5, -2)
round(-1250, -2)
round(${n}, 40)
round(${s})
round(2.675, ${n2})
abs(${m})
abs(${d})
pow(${n}, 2)
pow(${m}, ${n2})
pow(0, -1)
pow(-8, 0.5)
sqrt(${n})
exp(${m})
exp10(${m})
log(${n})
log(0)
log10(${n2})
pi()
sin(${m})
cos(${m})
tan(${m})
asin(${m})
acos(${m})
atan(${m})
atan2(${m}, ${n})
exp(1000)
min(${n}, ${m})
max(${n}, ${m})
max(-5, -3)
max(${n}, ${s})
min(${x})
max(${x})
sum(${x})
sum(${n})
count(${x})
count(${r})
count-non-empty(${x})
count-non-empty(${y})
count(${r}[${x} > 2])
count(${r}[x > 2])
count(${r}[./x > 2])
sum(${r}[x > 2]/x)
count(${x}[. > 2])
sum(${x}[. > 2])
sum(${r}[position() > 1]/x)
count(${r}[position() = 1])
string(${n})
string(${m})
string(${d})
string(${dt})
string(${tm})
string(${n} + 1)
string(${n} = 0)
string(1 div 3)
string(100000000000)
string(12345678.9)
string(0.0001)
string(123456789012.5)
string(-0)
string(2000000000)
string(3000000000)
string-length(${s})
string-length(${n})
string-length(${m})
string-length('𠮷野')
concat(${s}, '-', ${n}, ${m})
concat(${y})
concat(${n} + 1, 'x')
join(', ', ${s}, ${t})
join(' ', ${y})
join(',')
substr(${s}, 1)
substr(${s}, 0, 2)
substr(${s}, -2)
substr(${s}, 1, -1)
substr(${s}, ${n}, ${n2})
substring-before(${s}, 'e')
substring-after(${s}, 'e')
substring-before(${s}, '')
substring-after(${s}, '')
translate(${s}, 'yes', 'YE')
translate(${s}, 'yy', 'ab')
normalize-space(${s})
normalize-space('  a   b ')
contains(${s}, 'e')
contains(${s}, '')
starts-with(${s}, 'y')
ends-with(${s}, 's')
regex(${s}, '[a-z]+')
regex(${s}, '^[\w-\.]+$')
regex(${n}, '[0-9]{1}')
regex(${s}, '\d+')
regex(${s}, '\p{L}+')
regex('b', '[a-c&&[b]]')
date(${d})
date('2011-08-01')
date('2011-8-1')
date(${n})
date(${m})
date(${s})
date('2011-13-01')
date(${dt})
date('2011-08-01T10:30:00.000Z')
date-time(${m})
date-time(${dt})
date-time('2011-08-01T10:30:00')
format-date(${d}, '%Y-%m-%d')
format-date(${d}, '%e/%n/%y %b %a')
format-date(${dt}, '%Y%m%d %H:%M:%S.%3 %h')
format-date-time(${dt}, '%H:%M')
format-date(${n}, '%Y')
format-date('2011-08-01', '%d.%m')
format-date(${tm}, '%H:%M')
format-date(${d}, '%A %B')
format-date(${d}, '100%%')
decimal-date-time(${d})
decimal-date-time(${dt})
decimal-date-time(${s})
decimal-date-time(${n})
decimal-time(${dt})
decimal-time(${tm})
decimal-time(${m})
today()
today() > ${d}
string(today())
decimal-date-time(today())
int(now())
indexed-repeat(${x}, ${r}, 1)
indexed-repeat(${x}, ${r}, 2)
indexed-repeat(${x}, ${r}, ${n})
${x}
${r}[position() = 2]/x
${r}[2]/x
${x}[. = 3]
instance('l')/root/item[name = ${so}]/label
instance('l')/root/item[name = ${so}]/k
instance('l')/root/item[k = ${n2}]/name
count(instance('l')/root/item[k > ${n2}])
count(instance('l')/root/item)
instance('l')/root/item[position() = 2]/name
instance('l')/root/item[2]/name
instance('l')/root/item[k > 1][2]/name
sum(instance('l')/root/item/k)
null
position(..)
../n
../n + 1
current()/../n
/data/n
${s}
${d}
${tm}
"""
_IN_ROSTER = r"""
position(..)
position()
${x}
${x} + ${n}
sum(${x})
count(${r})
count(${x})
max(${x})
indexed-repeat(${x}, ${r}, 1)
indexed-repeat(${x}, ${r}, position(..) - 1)
indexed-repeat(${x}, ${r}, position(..) + 1)
../x
${y} = 'u' and ${s} = 'yes'
join(' ', ${y})
concat(${y}, ${s})
count(${r}[${x} > 2])
count(${r}[x > 2])
sum(${r}[x > 2]/x)
count(${r}[position() = 1])
${r}[position() = 2]/x
count(/data/r[x > 2])
sum(/data/r/x)
count(${x}[. > 2])
position(${r})
"""

EVERYWHERE = [line for line in _EVERYWHERE.splitlines() if line]
IN_ROSTER = [line for line in _IN_ROSTER.splitlines() if line]

_MAX = "JavaRosa's max() starts from the smallest positive number, so it is never below that"
_STOPS = "JavaRosa stops the form at a text that is no date; we go on with a blank"
_CLOCK = "JavaRosa puts a time on the day of the clock, we on 1970-01-01"
_NUMBER = "JavaRosa finds nothing for a number in brackets; XPath and Web Forms take the position"
DIFFERENT = {
    "max(-5, -3)": _MAX,
    "max(${x})": _MAX,
    "max(${n}, ${m})": _MAX,
    "max(${n}, ${s})": _MAX,
    "date('2011-13-01')": _STOPS,
    "date(${s})": _STOPS,
    "decimal-date-time(${s})": _STOPS,
    "format-date(${d}, '%A %B')": "JavaRosa stops the form at a mark it does not know",
    "string(${tm})": _CLOCK,
    "${tm}": _CLOCK,
    "${tm} > ${d}": _CLOCK,
    "instance('l')/root/item[2]/name": _NUMBER,
    "instance('l')/root/item[k > 1][2]/name": _NUMBER,
    "${r}[2]/x": _NUMBER,
    "regex('b', '[a-c&&[b]]')": "Python's patterns cannot say an intersection; it is refused",
    "format-date(${n}, '%Y')": "a day after the year 9999 is blank with us",
    "count(${r}[${x} > 2])": "inside the repeat pyxform writes a path that leads nowhere",
}
_ENDLESS = "Excel has no infinity; a power that has no end is blank"
EXCEL_DIFFERENT = {
    "1 div -0": "Excel has no zero below zero",
    "pow(0, -1)": _ENDLESS,
    "exp(1000)": _ENDLESS,
    "string(1 div 3)": "Excel shows 15 digits of a number",
    "string-length('𠮷野')": "LibreOffice counts a rare character once; Excel, like ODK, twice",
    "${tm}": "a time is a part of a day in Excel",
}
_UNSAYABLE = {
    "a comparison of a time, or of a value that is now a number, now a text": ["${tm} = '10:30'"],
    "a time as a number; write decimal-time()": ["${tm} > ${d}"],
    "jr:choice-name()": ["jr:choice-name(${so}, '${so}')"],
    "once()": ["once(${n})", "once(${x})"],
    "round() with a number of places that is worked out": ["round(2.675, ${n2})"],
    "how many instances there are": ["count(${x})"],
    "a path or a choice out of a list": [
        "count(${r}[${x} > 2])",
        "count(${r}[x > 2])",
        "count(${r}[./x > 2])",
        "sum(${r}[x > 2]/x)",
        "count(${x}[. > 2])",
        "sum(${x}[. > 2])",
        "sum(${r}[position() > 1]/x)",
        "count(${r}[position() = 1])",
        "${r}[position() = 2]/x",
        "${r}[2]/x",
        "${x}[. = 3]",
        "instance('l')/root/item[name = ${so}]/label",
        "instance('l')/root/item[name = ${so}]/k",
        "instance('l')/root/item[k = ${n2}]/name",
        "count(instance('l')/root/item[k > ${n2}])",
        "count(instance('l')/root/item)",
        "instance('l')/root/item[position() = 2]/name",
        "instance('l')/root/item[2]/name",
        "instance('l')/root/item[k > 1][2]/name",
        "sum(instance('l')/root/item/k)",
        "null",
        "position(..)",
        "../n",
        "../n + 1",
        "current()/../n",
        "/data/n",
    ],
    "a value that is now a number, now a text, as a text": ["string(${tm})"],
    "texts of all instances put together": ["concat(${y})", "join(' ', ${y})"],
    "this pattern": [
        "regex(${s}, '^[\\w-\\.]+$')",
        "regex(${s}, '\\p{L}+')",
        "regex('b', '[a-c&&[b]]')",
    ],
    "a date out of a text that is answered": ["date(${s})", "decimal-date-time(${s})"],
    "a text that is no date": ["date('2011-13-01')"],
    "thousandths of a second": ["format-date(${dt}, '%Y%m%d %H:%M:%S.%3 %h')"],
    "an answer of each instance of a repeat where one is needed": [
        "${x}",
        "${n} = 7 and ${x} = 3",
        "${n} = 7 or ${x} = 3",
        "${n} = ${n2} and ${n} = 0 and ${x}",
        "coalesce(${n}, ${x})",
        "coalesce(${x}, ${n})",
        "if(${n} = 7, ${x}, 2)",
    ],
}
EXCEL_UNSAYABLE = {text: reason for reason, texts in _UNSAYABLE.items() for text in texts}
