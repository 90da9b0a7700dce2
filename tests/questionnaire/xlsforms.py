"""Small XLSForms, one for each thing that an XLSForm can say; everything in them is SYNTHETIC."""

# ruff: noqa: E501 - a row of a table is one line

FORMS: dict[str, str] = {
    "aliases of headings": """
| survey | | | | | | | | |
|        | Command | tag | caption:English | Relevance | constraining_message:English | constraint | readonly | calculate |
|        | q int | age | Age | true() | Too old | . < 130 | yes | |
|        | calculate | twice | | | | | | ${age} * 2 |
""",
    "media in languages": """
| survey | | | | | | |
|  | type | name | label::English (en) | label::French (fr) | media::image::English (en) | image::French (fr) | audio |
|  | note | n | Look | Regardez | look.png | voir.png | ping.mp3 |
|  | text | t | T | T2 | | | |
|  | select_one l | s | S | S2 | | | |
| choices | | | | | | |
| | list name | value | caption::English (en) | label::French (fr) | media::image | audio::French (fr) |
| | l | a | A | Ah | a.png | |
| | l | b | B | Bé | | b.mp3 |
""",
    "or other": """
| survey | | | | |
| | type | name | label::en | label::fr |
| | select_one l or_other | s | S | Z |
| | select_multiple l or specify other | m | S | Z |
| | begin repeat | r | R | R |
| | select1 k or_other | s2 | S | Z |
| | end repeat | | | |
| choices | | | | |
| | list_name | name | label::en | label::fr |
| | l | a | A | A |
| | k | a | A | A |
| | k | other | Else | Autre |
""",
    "or other, half translated": """
| survey | | | | |
| | type | name | label::en | label::fr |
| | select_one l or_other | s | S | Z |
| | select_multiple l | m | S | Z |
| choices | | | | | |
| | list_name | name | label::en | label::fr | label |
| | l | a | A | | |
| | l | b | | B | B |
""",
    "both spellings of the form_id": """
| survey | | | |
| | type | name | label |
| | text | a | A |
| settings | | | |
| | id_string | form_id | form_title |
| | old | new | T |
""",
    "or other plain": """
| survey | | | |
| | type | name | label |
| | select one from l or specify other | s | S |
| choices | | | |
| | list_name | name | label |
| | l | a | A |
""",
    "groups repeats": """
| survey | | | | | | | | |
| | type | name | label | relevant | repeat_count | appearance | intent | bind::odk:foo |
| | begin group | g | G | 1=1 | | field-list | com.app(x='1') | bar |
| | integer | n | N | | | | | |
| | begin_repeat | r | R | ${n} > 0 | ${n} + 1 | | | |
| | text | a | A | | | w1 | | |
| | begin lgroup | r2 | R2 | | 3 | | | |
| | text | b | B | | | | | |
| | end lgroup | | | | | | | |
| | end_repeat | | | | | | | |
| | end group | | | | | | | |
| | begin group | h | | | | | | |
| | note | | Hello ${n} | | | | | |
| | end group | | | | | | | |
""",
    "table list": """
| survey | | | | |
| | type | name | label | appearance | hint |
| | begin group | g | G | table-list minimal | H |
| | select_one l | a | A | | |
| | select_one l | b | B | | |
| | end group | | | | |
| choices | | | |
| | list_name | name | label |
| | l | y | Yes |
| | l | n | No |
""",
    "required variants": """
| survey | | | | | |
| | type | name | label | required | read_only | required_message::English | required_message::French |
| | text | a | A | TRUE | no | x | y |
| | text | b | B | true() | yes | | |
| | text | c | C | no | | | |
| | text | d | D | ${a} = 'x' | ${b} = 'y' | | |
| | text | e | E | false() | | | |
""",
    "types": """
| survey | | | | | |
| | type | name | label | parameters | default | trigger | calculation |
| | start | start | | | | | |
| | end time | end | | | | | |
| | get today | today | | | | | |
| | imei | dev | | | | | |
| | uri:deviceid | dev2 | | | | | |
| | username | u | | | | | |
| | email | em | | | | | |
| | phone number | ph | Phone | | | | |
| | phonenumber | ph2 | | | | | |
| | subscriber id | si | | | | | |
| | simserial | ss | | | | | |
| | audit | | | location-priority=balanced location-min-interval=60 location-max-age=120 track-changes=true identify-user=true | | | |
| | start-geopoint | sg | | | | | |
| | background-audio | ba | | quality=voice-only | | | |
| | gps | gp | GP | | | | |
| | geopoint | gp2 | GP | capture-accuracy=10 warning-accuracy=20 allow-mock-accuracy=true | | | |
| | geotrace | gt | GT | incremental=true | | | |
| | geoshape | gs | GS | | | | |
| | photo | p | P | max-pixels=1024 | x.jpg | | |
| | add image prompt | p2 | P | | | | |
| | audio | au | A | quality=low | | | |
| | video | v | V | | | | |
| | file | f | F | | | | |
| | barcode | bc | B | | | | |
| | range | ra | R | start=0 end=10 step=0.5 | | | |
| | percentage | pc | P | | | | |
| | number of days in last month | dm | P | | | | |
| | date | d | D | | today() | | |
| | time | ti | T | | | | |
| | dateTime | dt | D | | now() | | |
| | datetime | dt2 | D | | | | |
| | acknowledge | ak | A | | | | |
| | trigger | tr | A | | | | |
| | text | tx | T | rows=5 | hello | | |
| | string | tx2 | T | | | | |
| | hidden | hi | | | abc | | |
| | calculate | c1 | | | | ${tx} | now() |
| | dateTime | c2 | D | | | ${tx}, ${tx2} | now() |
| | background-geopoint | bg | | | | ${tx} | |
| | xml-external | ext | | | | | |
| | csv-external | ext2 | | | | | |
| | rank l | rk | R | randomize=true seed=42 | | | |
| | select_one_from_file places.csv | sf | S | value=code label=title | | | |
| | select multiple from file spots.geojson | sm | S | | | | |
| | select_one ${tx3} | sp | S | | | | |
| | begin repeat | rep | R | | | | |
| | text | tx3 | T | | | | |
| | end repeat | | | | | | |
| choices | | | |
| | list_name | name | label |
| | l | y | Yes |
| | l | n | No |
""",
    "settings": """
| survey | | | |
| | type | name | label |
| | text | a | A |
| settings | | | | | | | | | | |
| | set form title | form_id | version | style | instance_name | submission_url | namespaces | attribute::esri:x | name | omit_instanceID | allow_choice_duplicates |
| | My title | my_id | 7 | pages | concat('a', ${a}) | https://example.org | esri="http://esri.com" | y | root | | yes |
""",
    "settings2": """
| survey | | | |
| | type | name | label |
| | text | a | A |
| settings | | | | | | | | |
| | form_title | id_string | default_language | auto_send | auto_delete | client_editable | sms_keyword | prefix | instance_xmlns | clean_text_values |
| | My  title | my_id | French | true | true | yes | kw | px | http://x.y | no |
""",
    "settings in survey": """
| survey | | | |
| | type | name | label |
| | form_id | abc | |
| | form_title | Abc title | |
| | text | a | A |
""",
    "cascade": """
| survey | | | | |
| | type | name | label::English (en) | choice_filter |
| | select_one region | region | R | |
| | select_one town | town | T | region = ${region} |
| | select_one town | town2 | T | |
| choices | | | | | |
| | list_name | name | label::English (en) | region | order |
| | region | n | North | | |
| | region | s | South | | |
| | town | a | A | n | 1 |
| | town | b | B | s | 2 |
| settings | | |
| | default_language | |
| | English (en) | |
""",
    "default language merge": """
| survey | | | | | |
| | type | name | label | label::French (fr) | hint |
| | text | a | A | Ah | H |
| | text | b | B | | H2 |
| | text | c | | Cé | |
| settings | | |
| | default_language | |
| | English (en) | |
""",
    "duplicate names": """
| survey | | | |
| | type | name | label |
| | begin group | g | G |
| | text | a | A |
| | end group | | |
| | begin group | h | H |
| | text | a | A |
| | end group | | |
""",
    "entities": """
| survey | | | | |
| | type | name | label | save_to |
| | text | a | A | prop |
| entities | | | |
| | dataset | label | create_if |
| | trees | ${a} | true() |
""",
    "external choices": """
| survey | | | | |
| | type | name | label | choice_filter |
| | text | state | S | |
| | select_one_external cities | city | C | state=${state} |
| choices | | | |
| | list_name | name | label |
| | x | a | A |
| external_choices | | | |
| | list_name | name | state |
| | cities | a | s1 |
""",
    "osm": """
| survey | | | |
| | type | name | label |
| | osm building_tags | o | O |
| osm | | | |
| | list_name | name | label |
| | building_tags | name | Name |
""",
    "translated everything": """
| survey | | | | | | |
| | type | name | label::en | label::ar | hint::en | hint::ar | guidance_hint::en | guidance_hint | constraint | constraint_message::en | constraint_message::ar | big-image::en | image::en |
| | text | a | A | B | h | i | g | | . != 'x' | no | la | big.png | i.png |
| | text | b | A | | | i | | gg | | | | | |
""",
    "spaces and quotes": """
| survey | | | |
| | type | name | label | relevant |
| | text | a | It’s   “A” | |
| | text | b | B | ${a} = ‘x’ |
""",
    "body and instance": """
| survey | | | |
| | type | name | label | body::accuracyThreshold | instance::odk:tag | bind::type | autoplay | rows | no_app_error_string | body::odk:flash | foo::bar |
| | geopoint | a | A | 5 | q | | | | | | x |
| | text | b | B | | | xsd:token | audio | 3 | nope | x | |
""",
    "unknown columns with colon": """
| survey | | | |
| | type | name | label | note: why | module |
| | text | b | B | x | y |
""",
    "loop": """
| survey | | | |
| | type | name | label |
| | begin loop over l | lp | Loop |
| | integer | count | How many %(label)s? |
| | end loop | | |
| choices | | | |
| | list_name | name | label |
| | l | car | Cars |
| | l | bike | Bikes |
""",
    "last saved": """
| survey | | | | |
| | type | name | label | default |
| | text | a | A | ${last-saved#a} |
""",
    "dynamic defaults in repeats": """
| survey | | | | |
| | type | name | label | default |
| | begin repeat | r | R | |
| | integer | n | N | position(..) |
| | text | m | N | ${n} |
| | end repeat | | | |
""",
    "search and pulldata": """
| survey | | | | | |
| | type | name | label | appearance | calculation |
| | select_one l | s | S | minimal search('fruits') | |
| | calculate | c | | | pulldata('fruits', 'name', 'name_key', 'mango') |
| choices | | | |
| | list_name | name | label |
| | l | name_key | name |
""",
    "duplicate choices": """
| survey | | | |
| | type | name | label |
| | select_one l | s | S |
| choices | | | |
| | list_name | name | label |
| | l | a | A |
| | l | a | A2 |
| settings | |
| | allow_choice_duplicates |
| | yes |
""",
    "repeat count reference": """
| survey | | | | |
| | type | name | label | jr:count |
| | integer | n | N | |
| | begin repeat | r | R | ${n} |
| | text | a | A | |
| | end repeat | | | |
""",
    "disabled": """
| survey | | | | |
| | type | name | label | disabled |
| | integer | n | N | yes |
| | text | a | A | no |
""",
    "empty group": """
| survey | | | | |
| | type | name | label |
| | text | a | A |
| | begin group | g | G |
| | end group | | |
""",
    "no label choice, media only": """
| survey | | | |
| | type | name | label |
| | select_one l | s | S |
| choices | | | |
| | list_name | name | label | image |
| | l | a | | a.png |
| | l | b | B | |
""",
    "label dollar": """
| survey | | | |
| | type | name | label | hint |
| | text | name | Name | |
| | note | n | Hello **${name}** | *x* <b>y</b> |
| | select_one l | s | S ${name} | |
| choices | | | |
| | list_name | name | label |
| | l | a | Mr ${name} |
| | l | b | B |
""",
    "meta group": """
| survey | | | |
| | type | name | label |
| | text | a | A |
| settings | | |
| | instance_name | public_key |
| | uuid() | |
""",
    "triggers in a repeat": """
| survey |
| | type | name | label | trigger | calculation | default |
| | begin repeat | r | R | | | |
| | text | a | A | | | ${last-saved#a} |
| | calculate | c | | ${a} | concat(${a}, position(..)) | |
| | dateTime | d | D | ${a} | now() | |
| | background-geopoint | g | | ${a} | | |
| | end repeat | | | | | |
""",
    "randomized with a seed that is asked": """
| survey |
| | type | name | label | choice_filter | parameters |
| | integer | s | S | | |
| | select_one l | a | A | k=${s} | randomize=true, seed=${s} |
| | rank l | b | B | k != '' | randomize=true;seed=7 |
| | select_multiple l | c | C | not(selected(${a}, name)) | |
| choices |
| | list_name | name | label | k |
| | l | y | Yes | 1 |
| | l | n | No | 2 |
""",
    "range with ticks": """
| survey |
| | type | name | label | parameters |
| | range | a | A | start=0 end=10 step=1 tick_interval=2 placeholder=6 tick_labelset=l |
| choices |
| | list_name | name | label |
| | l | 0 | none |
| | l | 10 | all |
""",
    "entities updated": """
| survey |
| | type | name | label | save_to |
| | select_one_from_file trees.csv | t | T | |
| | begin group | g | G | |
| | text | a | A | circumference |
| | end group | | | |
| entities |
| | list_name | label | entity_id | create_if | update_if |
| | trees | concat(${a}, 'x') | ${t} | ${a} = '' | ${a} != '' |
""",
    "entities in a repeat": """
| survey |
| | type | name | label | save_to |
| | begin repeat | g | G | |
| | text | a | A | circ |
| | end repeat | | | |
| entities |
| | list_name | label | repeat |
| | trees | ${a} | ${g} |
""",
    "settings with attributes": """
| survey |
| | type | name | label |
| | text | a | A |
| settings |
| | form_title | form_id | version | style | submission_url | auto_send | auto_delete | instance_xmlns | namespaces | attribute::x | attribute::esri:y | allow_choice_duplicates | default_language | instance_name | instance_id |
| | T & <T> | x_y | 2024.1 | theme-grid pages | https://e.org/s | false | false | http://a/b | esri="http://e.com/x" | 1 | 2 | no | Français (fr) | concat(${a}, ' - ', today()) | |
""",
    "names with points, dashes and Chinese": """
| survey |
| | type | name | label | relevant |
| | text | a.b-c | A | |
| | integer | 数量 | B | ${a.b-c} != '' |
| | begin group | grüppe | G | ${数量} > 1 |
| | text | _x | A | |
| | end group | | | |
""",
    "choices that show answers, in languages": """
| survey |
| | type | name | label::en | label::fr |
| | text | a | A | A |
| | select_one l | b | B | B |
| | select_multiple l | c | C | |
| choices |
| | list_name | name | label::en | label::fr | image::en | audio | geometry |
| | l | 1 | One ${a} | Un ${a} | a.png | | 1 1 0 0 |
| | l | 2.0 | Two | | | b.mp3 | |
| | l | x-y.z | Three | Trois | | | |
""",
    "repeats in repeats, counted": """
| survey |
| | type | name | label | repeat_count | calculation | appearance |
| | integer | n | N | | | |
| | begin_repeat | r | R ${n} | ${n} | | field-list |
| | calculate | i | | | position(..) | |
| | begin_repeat | s | S | count-selected('a b') | | |
| | calculate | j | | | indexed-repeat(${i}, ${r}, position(../..)) | |
| | end_repeat | | | | | |
| | end_repeat | | | | | |
| | begin_repeat | t | | 2 | | |
| | text | z | Z | | | |
| | end_repeat | | | | | |
| | calculate | tot | | | sum(${i}) + count(${r}) | |
""",
    "search with filters": """
| survey |
| | type | name | label | appearance | choice_filter |
| | text | k | K | | |
| | select_one l | a | A | search('f') | |
| | select_multiple l | b | A | quick search('f', 'matches', 'c', ${k}) | |
| | select_one l | c | A | minimal search("f", 'contains', 'c', ${k}, 'd', 'x') | |
| choices |
| | list_name | name | label | image |
| | l | code | nm | im |
""",
    "further body, bind and instance columns": """
| survey |
| | type | name | label | body::kb:flash | bind::odk:length | instance::foo | body::accuracyThreshold | bind::jr:preload | bind::jr:preloadParams | bind::type |
| | text | a | A | x | 10 | y | | property | deviceid | |
| | geopoint | b | B | | | | 1.5 | | | |
| settings |
| | namespaces |
| | kb="http://kb.org" |
""",
    "defaults in a group in a repeat": """
| survey |
| | type | name | label | default |
| | begin repeat | r | R | |
| | begin group | g | G | |
| | date | d | D | today() |
| | text | t | T | concat('a', ${d}) |
| | select_one l | s | S | y |
| | geopoint | gp | G | 1 2 3 4 |
| | integer | neg | N | -5 |
| | text | url | N | http://a-b.c/d?e=f |
| | text | dash | N | a - b |
| | end group | | | |
| | end repeat | | | |
| choices |
| | list_name | name | label |
| | l | y | Yes |
| | l | n | No |
""",
    "yes and no as rules": """
| survey |
| | type | name | label | relevant | constraint | required | readonly |
| | text | a | A | yes | TRUE | Yes | NO |
| | text | b | B | false | no | FALSE | true |
| | begin group | g | G | no | | | |
| | text | c | C | true() | | | |
| | end group | | | | | | |
""",
    "several triggers": """
| survey |
| | type | name | label | trigger | calculation | read_only |
| | text | a | A | | | |
| | integer | b | B | | | |
| | calculate | c | | ${a}, ${b} | 1 + 1 | |
| | text | d | D | ${b} | concat(${a}, 'x') | yes |
| | integer | e | D | ${b} | | |
""",
    "deep groups": """
| survey |
| | type | name | label | relevant |
| | begin group | a | | |
| | begin group | b | B | |
| | begin repeat | c | C | |
| | begin group | d | D | ${x} = 1 |
| | integer | x2 | X | ../../../x != '' |
| | end group | | | |
| | end repeat | | | |
| | integer | x | X | |
| | end group | | | |
| | end group | | | |
""",
    "empty rows and comments": """
| survey |
| | type | name | label | my comment | #note |
| | text | a | A | x | y |
| | | | | | |
| | | | | only a comment | |
| | text | b | B | | |
| notes |
| | whatever | x |
| | 1 | 2 |
""",
    "last saved everywhere": """
| survey |
| | type | name | label | default | calculation | relevant |
| | text | a | A ${last-saved#a} | ${last-saved#a} | | |
| | calculate | c | | | ${last-saved#a} | |
| | text | b | B | | | ${last-saved#c} = '' |
""",
    "languages after one colon, texts that show answers": """
| survey |
| | type | name | label:English | hint : English | Label:Français (fr) | hint:Français (fr) | guidance_hint:English | required | required_message:English |
| | text | a | Hello ${b} | h ${b} | Bonjour ${b} | | g ${b} | ${b} = 1 | give ${b} |
| | integer | b | B & <b>C</b> | | | x | | true | |
| | note | c | x ${b} | only hint | | | | | |
""",
    "group that starts an app": """
| survey |
| | type | name | label | appearance | body::intent | intent |
| | begin group | g | G | field-list | ex:a.b(c=${x}) | |
| | text | x | X | | | |
| | end group | | | | | |
""",
    "names of choices": """
| survey |
| | type | name | label | calculation |
| | select_one l | a | A | |
| | select_multiple l | m | A | |
| | calculate | b | | jr:choice-name(${a}, '${a}') |
| | calculate | c | | jr:choice-name(selected-at(${m}, 0), '${m}') |
| | note | n | You said ${b} and ${c} | |
| choices |
| | list_name | name | label |
| | l | y | Yes |
| | l | n | No |
""",
    "or other in a group, translated": """
| survey |
| | type | name | label::en | label::es |
| | select_one l or_other | s | S | S |
| | begin group | g | G | G |
| | select_multiple m or specify other | t | S | S |
| | end group | | | |
| choices |
| | list_name | name | label::en | label::es |
| | l | a | A | A |
| | m | b | B | B |
""",
    "loop over a list with other": """
| survey |
| | type | name | label::en |
| | select_multiple l or_other | m | Which? |
| | begin loop over l | lp | |
| | integer | many | How many %(label)s? |
| | end loop | | |
| choices |
| | list_name | name | label::en |
| | l | car | Cars |
| | l | bike | Bikes |
""",
    "select from a repeat": """
| survey |
| | type | name | label | choice_filter |
| | begin repeat | p | P | |
| | text | nm | N | |
| | integer | age | N | |
| | end repeat | | | |
| | select_one ${nm} | k | K | |
| | select_one l | s | S | |
| choices |
| | list_name | name | label |
| | l | y | Yes |
""",
}
