"""Options that take one value: given twice, the last one would win in silence."""

from collections import Counter
from typing import Any

import typer
from typer.core import TyperCommand


class OnceCommand(TyperCommand):
    """A command that refuses an option of one value that is given several times."""

    def make_parser(self, ctx: Any) -> Any:
        """Return the parser of the arguments, which raises BadParameter."""
        parser = super().make_parser(ctx)
        read = parser.parse_args

        def parse_args(args: list[str]) -> Any:
            found = read(args)
            if not ctx.resilient_parsing:
                _check(found[2], ctx)
            return found

        vars(parser)["parse_args"] = parse_args
        return parser


def _check(given: list[Any], ctx: Any) -> None:
    for param, n in Counter(given).items():
        has_value = param.param_type_name == "option" and not (param.is_flag or param.count)
        if n > 1 and has_value and not param.multiple:
            raise typer.BadParameter(
                f"given {n} times, and takes one value: leave out all but one.",
                ctx=ctx,
                param=param,
            )
