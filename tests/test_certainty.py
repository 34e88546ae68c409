"""AUROC, risk against coverage and reliability are what their names say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.certainty import area_under_risk, auroc, calibration_error, reliability, risk_coverage

shares = st.integers(0, 20).map(lambda n: n / 20)  # coarse, so that ties are frequent
judged = st.lists(st.tuples(shares, st.booleans()), min_size=1, max_size=40)


@given(st.lists(shares, min_size=1, max_size=12), st.lists(shares, min_size=1, max_size=12))
def test_auroc_is_the_share_of_pairs_that_stand_right(above: list[float], below: list[float]) -> None:
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in above for b in below]
    found = auroc(above, below)
    assert found.mean == pytest.approx(sum(pairs) / len(pairs))
    assert 0 <= found.low <= found.high <= 1 and found.n == len(above) + len(below)


@given(st.lists(shares, min_size=1, max_size=8), st.lists(shares, min_size=1, max_size=8))
def test_auroc_turns_round_with_its_sides(above: list[float], below: list[float]) -> None:
    assert auroc(above, below).mean == pytest.approx(1 - auroc(below, above).mean)


def test_auroc_needs_both_sides_and_knows_the_ends() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]).mean == 1.0
    assert auroc([0.5], [0.5]).mean == 0.5
    for above, below in (([], [0.1]), ([0.1], [])):
        with pytest.raises(ValueError, match="both sides"):
            auroc(above, below)


def test_an_interval_of_auroc_shrinks_with_more_cases() -> None:
    few = auroc([0.3, 0.6, 0.9] * 3, [0.1, 0.4, 0.7] * 3)
    many = auroc([0.3, 0.6, 0.9] * 300, [0.1, 0.4, 0.7] * 300)
    assert few.mean == pytest.approx(many.mean) and many.low <= many.mean <= many.high
    assert many.high - many.low < (few.high - few.low) / 5


@given(judged)
def test_each_point_counts_what_is_answered_from_its_threshold(cases: list[tuple[float, bool]]) -> None:
    points = risk_coverage([c for c, _ in cases], [r for _, r in cases])
    assert [p.threshold for p in points] == sorted({c for c, _ in cases}, reverse=True)
    for point in points:
        answered = [right for confidence, right in cases if confidence >= point.threshold]
        assert point.coverage == pytest.approx(len(answered) / len(cases))
        assert point.risk == pytest.approx(sum(not right for right in answered) / len(answered))
    assert points[-1].coverage == 1.0


@given(judged)
def test_the_area_lies_between_nothing_and_all(cases: list[tuple[float, bool]]) -> None:
    points = risk_coverage([c for c, _ in cases], [r for _, r in cases])
    area = area_under_risk(points)
    assert 0 <= area <= 1 + 1e-9
    assert (area == 0) == all(right for _, right in cases)


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_no_order_has_a_smaller_area_than_the_right_ones_first(right: list[bool]) -> None:
    places = [1 - n / len(right) for n in range(len(right))]
    best = area_under_risk(risk_coverage(places, sorted(right, reverse=True)))
    assert best <= area_under_risk(risk_coverage(places, right)) + 1e-9


@given(judged)
def test_bins_hold_every_case_once(cases: list[tuple[float, bool]]) -> None:
    bins = reliability([c for c, _ in cases], [r for _, r in cases])
    assert sum(b.n for b in bins) == len(cases)
    assert sum(b.n * b.right for b in bins) == pytest.approx(sum(r for _, r in cases))
    assert sum(b.n * b.confidence for b in bins) == pytest.approx(sum(c for c, _ in cases))
    assert 0 <= calibration_error(bins) <= 1


def test_the_calibration_error_is_nothing_for_honest_confidence_and_large_for_boasting() -> None:
    honest = reliability([0.25] * 4 + [0.75] * 4, [True, False, False, False, True, True, True, False])
    assert calibration_error(honest) == pytest.approx(0)
    assert calibration_error(reliability([1.0] * 4, [False] * 4)) == 1.0
    assert calibration_error(reliability([0.9, 0.1], [True, False])) == pytest.approx(0.1)
    assert calibration_error([]) == 0.0
