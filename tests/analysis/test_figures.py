"""Figures: nothing that the table hides, no letter missing, no label cut."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from pipeline.analysis.figure_files import save_figure
from pipeline.analysis.figures import bar, dots, has_values, heat_map, likert, spread
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.tables import likert_table, question_table

LONG = "難民申請者の法的地位と就労の権利に関する、とても長い質問文です。(A very long question, ﾗﾍﾞﾙ)"


def counted(*counts: int, labels: list[str] | None = None) -> Table:
    labels = labels or [f"answer {n}" for n in range(len(counts))]
    frame = pd.DataFrame({"answer": labels, "count": counts})
    frame["share"] = frame["count"] / sum(counts)
    columns = (
        Column("answer", "Answer"),
        Column("count", "n", Kind.COUNT),
        Column("share", "Share", Kind.SHARE, rests_on="count"),
    )
    return protect(Table("t", "T", frame, columns, base=sum(counts)), 10)


def texts(figure) -> list[str]:
    return [one.get_text() for axes in figure.axes for one in axes.texts]


def bars(figure) -> list[float]:
    (axes,) = figure.axes
    drawn = [one for box in axes.containers for one in box.patches if isinstance(one, Rectangle)]
    return [round(one.get_width(), 4) for one in drawn]


def test_a_bar_shows_the_share_and_a_hidden_one_only_its_mark():
    figure = bar(counted(3, 60, 37), "en")
    assert bars(figure) == [0, 0.6, 0]
    assert texts(figure) == ["[c]", "60%", "[c]"]


def test_a_table_that_is_not_protected_is_not_drawn():
    table = Table(
        "t",
        "T",
        pd.DataFrame({"a": ["x"], "n": [1]}),
        (Column("a", "A"), Column("n", "n", Kind.COUNT)),
    )
    with pytest.raises(ValueError, match="not protected"):
        bar(table, "en")


def test_hidden_points_of_a_scale_share_what_is_left_of_the_row(open_answers):
    law = ["1"] * 3 + ["2"] * 8 + ["3"] * 43
    dataset = open_answers({"law": law}, threshold=10)
    figure = likert(likert_table(dataset, ["law"], "T", name="t"), "en")
    assert texts(figure) == ["80%", "n=54"]
    hatched = [round(p.get_width(), 4) for p in figure.axes[0].patches if p.get_hatch()]
    assert hatched == [0.1019, 0.1019]


def test_spread_draws_quartiles_median_and_mean(open_answers):
    dataset = open_answers({"staff": [2, 2, 4, 8]})
    figure = spread(question_table(dataset, "staff"), "en")
    median, mean = (one.get_offsets().tolist() for one in figure.axes[0].collections[1:])
    assert (median, mean) == ([[3.0, 0.0]], [[4.0, 0.0]])


@pytest.mark.parametrize("language", ["en", "zh-Hant", "ja"])
def test_every_letter_is_drawn_and_no_label_is_cut(tmp_path, language):
    """Chinese, Japanese and Arabic letters have glyphs; everything lies inside the picture."""
    table = counted(40, 60, labels=[LONG, "戶籍謄本、臺灣、鄰里，العربية"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, figure in {
            "bar": bar(table, language),
            "dots": dots(table, language, value="share"),
            "heat": heat_map(table, language, values=["share"]),
        }.items():
            save_figure(figure, tmp_path / name, mark="SYNTHETIC")
            edge = pixels(tmp_path / f"{name}.png")
            assert edge == {255}, f"{name}: something touches the edge of the picture"


def pixels(file) -> set[int]:
    from matplotlib.image import imread  # noqa: PLC0415 - only this test reads a picture

    picture = (imread(io.BytesIO(file.read_bytes()))[..., :3] * 255).astype(int)
    rims = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return {int(value) for rim in rims for value in np.unique(rim)}


def test_equal_figures_are_equal_files(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        save_figure(bar(counted(40, 60), "ja"), tmp_path / name / "figure", title="題")
    for ending in ("svg", "png"):
        first, second = (tmp_path / name / f"figure.{ending}" for name in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()


def test_there_is_nothing_to_draw_where_every_number_is_hidden_or_zero():
    assert not has_values(counted(3, 4, 5), "share")
    assert has_values(counted(30, 40), "share")
