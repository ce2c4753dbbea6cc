"""Draws newton-demo's paths over the contours of J, as one HTML file that needs no network."""

import html
from pathlib import Path
from typing import Any

from hpsoft.maths.contours import ContourPaths
from hpsoft.report.html.plot import require_plotly, write_plot
from hpsoft.softmax.probabilities import Array


def write_newton_plot(paths: ContourPaths, path: Path) -> None:
    """Write the plot. Raises as `write_plot` does."""
    write_plot(newton_figure(paths), path)


def newton_figure(paths: ContourPaths) -> Any:
    """Return the plotly figure: contours, gradient descent, Newton, the minimum."""
    graph = require_plotly()
    first, second = (html.escape(name) for name in paths.names)
    contours = graph.Contour(
        x=paths.first.tolist(),
        y=paths.second.tolist(),
        z=paths.cost.tolist(),
        ncontours=40,
        contours={"coloring": "lines"},
        colorscale="Greys",
        reversescale=True,
        showscale=False,
        name="J(w)",
    )
    steps = len(paths.descent) - 1
    figure = graph.Figure(
        [
            contours,
            _path(graph, paths.descent, f"gradient descent, {steps} steps", "#d62728"),
            _path(graph, paths.newton, "Newton, 1 step", "#1f77b4"),
            _path(graph, paths.minimum[None, :], "minimum", "black"),
        ]
    )
    figure.update_layout(
        title=f"Newton and gradient descent, condition number {paths.condition:.3g}",
        xaxis_title=f"weight of {first}",
        yaxis_title=f"weight of {second}",
        template="plotly_white",
    )
    return figure


def _path(graph: Any, points: Array, name: str, colour: str) -> Any:
    return graph.Scatter(
        x=points[:, 0].tolist(),
        y=points[:, 1].tolist(),
        mode="lines+markers",
        name=name,
        line={"color": colour},
    )
