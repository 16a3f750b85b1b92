"""The schedule and the settings of each width. Everything is counted in steps or epochs, nothing by the clock."""

from dataclasses import dataclass

BATCH = 128
MOMENTUM = 0.9
AVERAGE_DECAY = 0.999
# Of the targets, where there is a teacher; the rest is the label.
TEACHER_SHARE = 0.5
LEAST_AREA, GENTLE_LEAST_AREA = 0.5, 0.75


@dataclass(frozen=True)
class Phase:
    epochs: float
    # Resolution -> share of the steps.
    resolutions: dict
    least_area: float


@dataclass(frozen=True)
class Recipe:
    peak_rate: float
    # On pointwise and classifier weights.
    weight_decay: float
    # Probability of CutMix in a step; none in the last phase.
    cut_mix: float
    phases: tuple
    # A depthwise filter has nine weights and needs no decay (section 3.1 of the paper).
    decays_depthwise: bool = False
    label_smoothing: float = 0.1
    # Of the loss, what makes each output sure on its own (sigmoid); the rest ranks the classes (softmax).
    independent: float = 0.5
    # Strength of brightness, contrast and saturation.
    colours: float = 1
    # Share of batches that went through a JPEG once more, and of images made sharper or softer.
    encoded_again: float = 0.3
    resharpened: float = 0.5
    warm_up_steps: int = 500


def phases(small, middle, mixed, gentle, least_area=LEAST_AREA):
    """Most of the time at 64 pixels, where a step is cheap; the rest towards the resolution that counts most."""
    mix = {64: 0.3, 96: 0.2, 128: 0.5}
    return (
        Phase(small, {64: 1}, least_area),
        Phase(middle, {96: 1}, least_area),
        Phase(mixed, mix, least_area),
        Phase(gentle, mix, GENTLE_LEAST_AREA),
    )


RECIPES = {
    0.25: Recipe(peak_rate=0.2, weight_decay=1e-5, cut_mix=0, phases=phases(24, 7, 4, 3)),
    0.5: Recipe(peak_rate=0.2, weight_decay=4e-5, cut_mix=0, phases=phases(18, 5, 3, 2)),
    0.75: Recipe(peak_rate=0.15, weight_decay=4e-5, cut_mix=0, phases=phases(17, 4.5, 2.5, 1.5)),
    1.0: Recipe(peak_rate=0.15, weight_decay=8e-5, cut_mix=0, phases=phases(14, 3.5, 1.75, 1.25)),
}


def started(*epochs, peak_rate=0.05):
    """Of a network that starts from another's weights (widths.py): small filters, so a low rate and more decay."""
    return Recipe(peak_rate=peak_rate, weight_decay=3e-4, cut_mix=0, colours=0.5, phases=phases(*epochs))


RECIPES_FROM_START = {
    0.25: started(4, 3, 5, 1.2),
    0.5: started(0.5, 0.5, 2, 0.6),
    0.75: started(8, 2.5, 3, 1.3, peak_rate=0.1),
    1.0: started(4.5, 1.8, 2.6, 1.1, peak_rate=0.1),
}
