"""What `hpsoft newton-demo` prints, writes and draws."""

import json
from dataclasses import replace

import pytest

from hpsoft.errors import HpsoftError
from hpsoft.maths.newton_demo import DemoOptions, run_newton_demo
from hpsoft.report.html import plot as html_plot
from hpsoft.report.html.newton_plot import newton_figure, write_newton_plot
from hpsoft.report.newton_demo import draw_newton_demo, newton_demo_document
from hpsoft.report.text.console import output
from hpsoft.report.text.jsondoc import dumps


@pytest.fixture(scope="module")
def demo():
    return run_newton_demo(DemoOptions())


def drawn(demo, capsys):
    draw_newton_demo(output(), demo)
    return capsys.readouterr().out


def test_tables_and_what_they_show(demo, capsys):
    """Four tables, each with its explanation."""
    text = drawn(demo, capsys)
    assert text.count("reached\n") == 16
    assert "numpy.linalg.lstsq" in text
    assert "of rank 11 in 12 dimensions" in text
    assert "stopped at 15,000" in text
    assert "correct digits doubles" in text
    assert "of 5 random starts a scale the worst is shown" in text
    assert "nothing is claimed" not in text


def test_failures_are_shown(demo, capsys):
    """A missed step and a run that did not converge."""
    missed = replace(demo.linear.steps[0], result="missed")
    bad = replace(
        demo,
        linear=replace(demo.linear, steps=(missed,)),
        softmax=replace(demo.softmax, converged=False),
    )
    text = drawn(bad, capsys)
    assert "MISSED" in text
    assert "Not converged" in text


def test_nothing_is_claimed_that_was_not_seen(demo, capsys):
    """Where rounding decides, and where the ratios are not bounded, the text says so."""
    undecided = replace(demo.linear.steps[0], result="undecided")
    growing = [replace(row, ratio=10.0**row.index) for row in demo.softmax.iterations]
    doubtful = replace(
        demo,
        linear=replace(demo.linear, steps=(undecided,)),
        softmax=replace(demo.softmax, iterations=tuple(growing)),
    )
    text = drawn(doubtful, capsys)
    assert "rounding decides" in text
    assert "nothing is claimed there" in text
    assert "quadratic convergence is not to be seen" in text
    assert "correct digits doubles" not in text
    assert newton_demo_document(doubtful)["softmax"]["quadratic"] is False


def test_brackets_in_names_are_printed(demo, capsys):
    """A file may be called anything."""
    named = replace(demo, linear=replace(demo.linear, source="[red]x[/].csv"))
    assert "[red]x[/].csv" in drawn(named, capsys)


def test_document_is_strict_json(demo):
    """All numbers are finite or null; the paths are there."""
    document = json.loads(dumps(newton_demo_document(demo)))
    assert document["passed"] is True
    assert document["duplicated_column"]["minimum_norm"] is True
    assert document["linear"]["steps"][7]["scale"] == 1e6
    assert document["gradient_descent"][-1]["condition"] == pytest.approx(470.078)
    assert document["softmax"]["iterations"][0]["ratio"] is None
    assert document["softmax"]["quadratic"] is True
    assert document["linear"]["starts"] == 5
    assert len(document["paths"]["newton"]) == 2


def test_figure_has_contours_and_three_paths(demo):
    """Contours, gradient descent, Newton, the minimum; names escaped."""
    figure = newton_figure(replace(demo.paths, names=("<b>", "y")))
    assert [trace.type for trace in figure.data] == ["contour", "scatter", "scatter", "scatter"]
    assert figure.layout.xaxis.title.text == "weight of &lt;b&gt;"


def test_plot_is_one_file(demo, tmp_path):
    """It holds plotly itself and asks no server for anything."""
    path = tmp_path / "out.html"
    write_newton_plot(demo.paths, path)
    page = path.read_text(encoding="utf-8")
    assert len(page) > 1_000_000
    assert "<script src=" not in page
    assert "Newton, 1 step" in page


def test_plot_that_cannot_be_written(demo, tmp_path):
    """The reason is given."""
    with pytest.raises(HpsoftError, match="Cannot write"):
        write_newton_plot(demo.paths, tmp_path / "none" / "out.html")


def test_without_plotly(monkeypatch):
    """The extra is named."""

    def missing(_):
        raise ImportError

    monkeypatch.setattr(html_plot, "import_module", missing)
    with pytest.raises(HpsoftError, match=r"hpsoft\[plot\]"):
        html_plot.require_plotly()
