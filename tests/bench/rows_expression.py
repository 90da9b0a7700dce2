"""One expression over many rows, function by function, beside the same written out by hand."""
# ruff: noqa: PLW0108 - without its lambda a comparison would be made once, before it is measured

import datetime as dt
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd

from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse
from pipeline.expression.to_pandas import Table, to_pandas
from tests.bench.harness import Row, Work, ratios

KINDS = {"n": Kind.DECIMAL, "m": Kind.DECIMAL, "t": Kind.TEXT, "s": Kind.TEXT, "d": Kind.DATE}
CLOSE = 1e-12
"""Numbers nearer than this are equal, in ODK Collect as by hand."""
NAMES = 50_000
"""Different texts, as of organisations and places."""


def drawn(number: int) -> pd.DataFrame:
    """Two numbers, one of them sometimes blank, a choice, a text and a day."""
    random = np.random.default_rng(3)
    days = random.integers(0, 90, number) * np.timedelta64(1, "D")
    return pd.DataFrame(
        {
            "n": np.where(random.random(number) < 0.1, np.nan, random.integers(-50, 50, number)),
            "m": random.integers(1, 50, number).astype(float),
            "t": pd.Series(random.choice(["yes", "no", "maybe"], number), dtype="str"),
            "s": pd.Series([f"name {n} " for n in random.integers(0, NAMES, number)], dtype="str"),
            "d": np.datetime64("2011-08-01", "us") + days,
        }
    )


def by_hand(frame: pd.DataFrame) -> dict[str, Callable[[], object]]:
    """Expression -> what gives the same on these data in numpy, for texts and days in pandas."""
    n, m, t, s, d = (frame[name] for name in "nmtsd")
    n, m = n.to_numpy(), m.to_numpy()
    table = str.maketrans("abc", "xyz")
    return {
        "${n} + ${m}": lambda: n + m,
        "${n} - ${m}": lambda: n - m,
        "${n} * ${m}": lambda: n * m,
        "${n} div ${m}": lambda: n / m,
        "${n} mod ${m}": lambda: np.fmod(n, m),
        "-${n}": lambda: -n,
        "${n} = ${m}": lambda: np.abs(n - m) < CLOSE,
        "${n} != ${m}": lambda: ~(np.abs(n - m) < CLOSE),
        "${n} < ${m}": lambda: n < m,
        "${n} <= ${m}": lambda: n <= m,
        "${n} > ${m}": lambda: n > m,
        "${n} >= ${m}": lambda: n >= m,
        "${n} >= 0 and ${m} < 30": lambda: (n >= 0) & (m < 30),
        "${n} >= 0 or ${m} < 30": lambda: (n >= 0) | (m < 30),
        "${t} = 'yes'": lambda: (t == "yes").to_numpy(),
        "${t} != 'yes'": lambda: (t != "yes").to_numpy(),
        "selected(${t}, 'yes')": lambda: (t == "yes").to_numpy(),
        "count-selected(${t})": lambda: t.str.split().str.len().to_numpy(),
        "if(${n} > 0, ${n}, ${m})": lambda: np.where(n > 0, n, m),
        "coalesce(${n}, ${m})": lambda: np.where(np.isnan(n), m, n),
        "not(${n} > 3)": lambda: ~(n > 3),
        "boolean(${n})": lambda: np.abs(n) > CLOSE,
        "int(${n} div 3)": lambda: np.trunc(n / 3),
        "round(${n} div 3)": lambda: np.floor(n / 3 + 0.5),
        "round(${n} div 3, 2)": lambda: np.floor(n / 3 * 100 + 0.5) / 100,
        "abs(${n})": lambda: np.abs(n),
        "pow(${m}, 2)": lambda: np.power(m, 2.0),
        "sqrt(${m})": lambda: np.sqrt(m),
        "exp(${m})": lambda: np.exp(m),
        "exp10(${m})": lambda: np.power(10.0, m),
        "log(${m})": lambda: np.log(m),
        "log10(${m})": lambda: np.log10(m),
        "sin(${m})": lambda: np.sin(m),
        "cos(${m})": lambda: np.cos(m),
        "tan(${m})": lambda: np.tan(m),
        "asin(${m} div 50)": lambda: np.arcsin(m / 50),
        "acos(${m} div 50)": lambda: np.arccos(m / 50),
        "atan(${m})": lambda: np.arctan(m),
        "atan2(${n}, ${m})": lambda: np.arctan2(n, m),
        "min(${n}, ${m})": lambda: np.fmin(n, m),
        "max(${n}, ${m})": lambda: np.fmax(n, m),
        "string(${m})": lambda: pd.Series(m).astype("int64").astype("str"),
        "string-length(${s})": lambda: s.str.len().to_numpy(),
        "concat(${s}, '-', ${t})": lambda: s + "-" + t,
        "substr(${s}, 0, 6)": lambda: s.str.slice(0, 6),
        "substring-before(${s}, ' ')": lambda: s.str.partition(" ")[0],
        "substring-after(${s}, ' ')": lambda: s.str.partition(" ")[2],
        "translate(${s}, 'abc', 'xyz')": lambda: s.str.translate(table),
        "normalize-space(${s})": lambda: s.str.split().str.join(" "),
        "contains(${s}, '7')": lambda: s.str.contains("7", regex=False).to_numpy(),
        "starts-with(${s}, 'name 1')": lambda: s.str.startswith("name 1").to_numpy(),
        "ends-with(${s}, '7 ')": lambda: s.str.endswith("7 ").to_numpy(),
        "regex(${s}, '^[a-z]+ [0-9]+ $')": lambda: s.str.fullmatch("[a-z]+ [0-9]+ ").to_numpy(),
        "format-date(${d}, '%Y-%m')": lambda: d.dt.strftime("%Y-%m"),
        "${d} + 7": lambda: d.to_numpy().astype("datetime64[D]").astype("int64") + 7.0,
    }


def expressions(number: int) -> Row:
    """All of them; the median of the ratios counts."""
    frame = drawn(number)
    hand = by_hand(frame)
    pairs = tuple((_ours(frame, text), peer) for text, peer in hand.items())
    return Row(
        f"one expression over {number} rows, median of {len(pairs)}",
        against="numpy by hand",
        bar=2.0,
        together=pairs,
    )


def _ours(frame: pd.DataFrame, text: str) -> Work:
    expression, table = parse(text), Table(frame, KINDS, dt.date(2011, 9, 1))
    return lambda: to_pandas(expression, table)


if __name__ == "__main__":  # python -m tests.bench.rows_expression [ROWS]: function by function
    rows = int(next(iter(sys.argv[1:]), "1000000"))
    found = zip(by_hand(drawn(2)), ratios(expressions(rows), 3), strict=True)
    for text, ratio in sorted(found, key=lambda one: one[1]):
        print(f"{ratio:6.2f}  {text}")  # noqa: T201 - a command
