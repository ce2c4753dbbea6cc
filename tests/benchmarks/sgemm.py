"""The machine's rate: 2048^3 float32 products with NumPy, on all cores and on one.

Every other benchmark measures this rate itself, in its own run; alone it tells whether the
machine is quiet: the slowest product should be within a few per cent of the median.

    python tests/benchmarks/sgemm.py [--repeats 21] [--json]
"""

import statistics

from common import CORES, Gemm, Row, emit, machine, parser, warn_if_busy


def measure(gemm: Gemm, repeats: int, threads: int) -> Row:
    """Return the rate with some number of BLAS threads."""
    seconds = gemm.seconds(repeats, threads)
    median = statistics.median(seconds)
    return {
        "threads": threads,
        "GFLOP/s": gemm.flops / median / 1e9,
        "slowest / median": max(seconds) / median,
        "fastest / median": min(seconds) / median,
    }


def main() -> None:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--repeats", type=int, default=21)
    args = options.parse_args()
    facts, gemm = machine(), Gemm()
    warn_if_busy(facts)
    rows = [measure(gemm, args.repeats, threads) for threads in dict.fromkeys((CORES, 1))]
    emit(facts, rows, as_json=args.json)


if __name__ == "__main__":
    main()
