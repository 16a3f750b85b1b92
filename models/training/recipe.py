"""The schedule and the settings of each width. Everything is counted in steps or epochs, nothing by the clock."""

from dataclasses import dataclass

BATCH = 128
WARM_UP_STEPS = 500
MOMENTUM = 0.9
LABEL_SMOOTHING = 0.1
AVERAGE_DECAY = 0.999
# Of the targets, where there is a teacher; the rest is the label.
TEACHER_SHARE = 0.5
LEAST_AREA, GENTLE_LEAST_AREA = 0.5, 0.75


@dataclass(frozen=True)
class Phase:
    epochs: float
    """Resolution -> share of the steps."""
    resolutions: dict
    least_area: float


@dataclass(frozen=True)
class Recipe:
    peak_rate: float
    """On pointwise and classifier weights only: a depthwise filter has nine weights and needs none (section 3.1)."""
    weight_decay: float
    """Probability of CutMix in a step; none in the last phase."""
    cut_mix: float
    phases: tuple


def phases(small, middle, mixed, gentle):
    """Most of the time at 64 pixels, where a step is cheap; the rest towards the resolution that counts most."""
    mix = {64: 0.2, 96: 0.2, 128: 0.6}
    return (
        Phase(small, {64: 1}, LEAST_AREA),
        Phase(middle, {96: 1}, LEAST_AREA),
        Phase(mixed, mix, LEAST_AREA),
        Phase(gentle, mix, GENTLE_LEAST_AREA),
    )


RECIPES = {
    0.25: Recipe(peak_rate=0.2, weight_decay=1e-5, cut_mix=0, phases=phases(24, 7, 4, 3)),
    0.5: Recipe(peak_rate=0.2, weight_decay=4e-5, cut_mix=0, phases=phases(18, 5, 3, 2)),
    0.75: Recipe(peak_rate=0.15, weight_decay=4e-5, cut_mix=0.3, phases=phases(17, 4.5, 2.5, 1.5)),
    1.0: Recipe(peak_rate=0.15, weight_decay=8e-5, cut_mix=0, phases=phases(14, 3.5, 1.75, 1.25)),
}
