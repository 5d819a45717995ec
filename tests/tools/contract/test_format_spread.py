"""Numbers with their uncertainty: no digit that the uncertainty does not justify."""

from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract.properties import format_spread


@given(
    value=st.floats(-1e6, 1e6),
    spread=st.floats(1e-6, 1e4),
    decimals=st.integers(0, 6),
)
def test_digits_follow_the_spread(value: float, spread: float, decimals: int) -> None:
    shown, _, told = format_spread(value, spread, f"{value:.{decimals}f}").partition(" ± ")
    digits, digits_told = len(shown.partition(".")[2]), len(told.partition(".")[2])
    # Value and spread end at the same digit; more digits than usual only where it needs them.
    assert digits == digits_told
    assert digits <= max(decimals, 7)
    if digits > decimals:
        assert spread < 10.0**-decimals
    # The spread keeps its size: a bare digit of it may be rounded by half.
    assert 0.66 <= float(told) / spread <= 1.51
    # What is cut off the value is smaller than the spread, or was not printed before either.
    assert abs(float(shown) - value) <= max(0.51 * 10.0**-decimals, 0.6 * spread)


def test_without_a_spread_the_digits_stay() -> None:
    assert format_spread(12.5, 0.0, "12.50") == "12.50 ± 0"
