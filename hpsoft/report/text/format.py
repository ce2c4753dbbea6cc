"""How numbers, durations and names are written, everywhere the same."""

from collections.abc import Iterable, Mapping, Sequence

from hpsoft.optimizers.categories import Choice
from hpsoft.optimizers.hyperparameters import CLASS_WEIGHT
from hpsoft.space.ranges import Candidates, Range

NOTHING = "-"


def number(value: float | str | None) -> str:
    """Write a value with six significant digits: 0.433649, 5e-07, 1024; a word as it is."""
    if value is None:
        return NOTHING
    return str(value) if isinstance(value, int | str) else f"{value:.6g}"


def cost(value: float | None) -> str:
    """Write a cost with six significant digits, zeros too, so that digits stand in line."""
    return NOTHING if value is None else f"{value:#.6g}"


def exact(value: Choice) -> str:
    """Write a value so that reading it back gives the same number."""
    return value if isinstance(value, str) else repr(value).removesuffix(".0")


def _word(hyperparameter: str, value: object) -> str | None:
    """Return the word that may be typed for a value: none and balanced of class_weight."""
    words = CLASS_WEIGHT.names if hyperparameter == CLASS_WEIGHT.name else ()
    return next((word for word, number in words if number == value), None)


def chosen(hyperparameter: str, value: Choice | None) -> str:
    """Write a value of a hyperparameter: its word where it has one, else as `number`."""
    return _word(hyperparameter, value) or number(value)


def typed(hyperparameter: str, values: Iterable[Choice]) -> str:
    """Write values as `--set` takes them, exactly: class_weight=none,0.5,balanced."""
    written = (_word(hyperparameter, value) or exact(value) for value in values)
    return f"{hyperparameter}={','.join(written)}"


def percent(share: float | None) -> str:
    """Write a share of 1 as per cent: 84.26 %."""
    return NOTHING if share is None else f"{100 * share:.2f} %"


def count(n: int, noun: str) -> str:
    """Write a number of things: 1 trial, 4,096 trials."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def cores(n_workers: int, n_available: int) -> str:
    """Write on how many cores work is done, and why only on one where there are more."""
    why = ": too little work for more" if n_workers == 1 < n_available else ""
    return f"{count(n_workers, 'core')}{why}"


def duration(seconds: float) -> str:
    """Write a time as it is spoken: 0.4 s, 12 s, 4 min 12 s, 2 h 05 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def size(n_bytes: float) -> str:
    """Write a number of bytes in MB or GB."""
    return f"{n_bytes / 1e6:.0f} MB" if n_bytes < 1e9 else f"{n_bytes / 1e9:.1f} GB"


def candidates_text(name: str, candidates: Candidates) -> tuple[str, str]:
    """Write how many values there are of a hyperparameter, and which."""
    if not isinstance(candidates, Range):
        return str(len(candidates)), " ".join(chosen(name, value) for value in candidates)
    how = "log" if candidates.log else "uniform"
    step = "" if candidates.step is None else f", step {number(candidates.step)}"
    return NOTHING, f"{number(candidates.low)} .. {number(candidates.high)} {how}{step}"


def params_text(params: Mapping[str, Choice], names: Sequence[str] | None = None) -> str:
    """Write hyperparameters on one line: epochs 35, batch_size 32."""
    return ", ".join(f"{name} {chosen(name, params[name])}" for name in names or params)


def of_cost(alpha: float, class_weight: float, view: Iterable[tuple[str, str]] = ()) -> str:
    """Write which cost an optimum is of: alpha 0.1, class_weight balanced, scale unit."""
    return f"alpha {number(alpha)}" + (
        f", class_weight {chosen(CLASS_WEIGHT.name, class_weight)}" * bool(class_weight)
        + "".join(f", {name} {word}" for name, word in view)
    )


def printable(text: str) -> str:
    """Write control characters as their codes: a name in a file must not drive the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
