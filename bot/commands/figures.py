"""Measurements as commands print them: one JSON object, or lines that people read."""

from __future__ import annotations

from typing import Any

from bot.console import print_json, print_line


def show(result: dict[str, object], as_json: bool) -> int:
    """Print what was measured; the exit status of a command that does no more."""
    if as_json:
        print_json(result)
        return 0
    for name, value in result.items():
        if isinstance(value, dict):
            print_line(f"{name}:")
            _show_figures(value, "  ")
        elif isinstance(value, list):
            print_line(f"{name}:")
            for row in value:
                print_line("  " + "  ".join(f"{each} {figure}" for each, figure in row.items()))
        else:
            print_line(f"{name}: {value}")
    return 0


def show_table(rows: dict[str, dict[str, float]]) -> None:
    """A row a search, a column a metric, each figure with half the width of its interval."""
    names = [name for name in next(iter(rows.values())) if not name.endswith(("_low", "_high"))]
    print_line(f"{'':<12}" + "".join(f"{name:>17}" for name in names))
    for row, figures in rows.items():
        each = (f"{figures[name]:.3f} ±{(figures[f'{name}_high'] - figures[f'{name}_low']) / 2:.3f}" for name in names)
        print_line(f"{row:<12}" + "".join(f"{figure:>17}" for figure in each))


def show_samples(digests: list[dict[str, Any]]) -> None:
    """What readers were shown on some days, and why."""
    for digest in digests:
        print_line(f"{digest['reader']}, day {digest['day']}:")
        for item in digest["items"]:
            print_line(f"  {item['title']} · {item['why']}")


def _show_figures(figures: dict[str, Any], indent: str) -> None:
    for name, figure in figures.items():
        if isinstance(figure, dict):
            print_line(f"{indent}{name}:")
            _show_figures(figure, indent + "  ")
        else:
            print_line(f"{indent}{name:<28} {figure}")
