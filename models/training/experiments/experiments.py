"""The paper's comparisons at this scale: `python3 experiments.py --cache CACHE --file experiments.json`.

Every fourth class alone, 64 pixels where nothing else is said, three seeds, reported on validation. Each network learns for as
many epochs as the others, and then for as long as alpha 0.5 takes. Finished runs are kept in the file and not run again; nothing
else should run meanwhile, or the seconds are not worth much.
"""

import argparse
import functools
import json
import multiprocessing
import os
import time

import numpy as np
import torch
from torch import nn

import data
import export
import network
import recipe
from train import Trainer

SEEDS = (1, 2, 3)
EVERY = 4
CLASSES = 200 // EVERY
EPOCHS, WARM_UP_STEPS = 4, 100


def mobilenet(alpha, **changes):
    return functools.partial(network.MobileNet, alpha, classes=CLASSES, **changes)


# Name -> network, resolution, and the epochs that take as long as four of alpha 0.5, by the seconds of seed 1 at equal epochs.
NETWORKS = {
    '0.25': (mobilenet(0.25), 64, 7.6),
    '0.5': (mobilenet(0.5), 64, EPOCHS),
    '0.75': (mobilenet(0.75), 64, 2.3),
    '1.0': (mobilenet(1.0), 64, 1.5),
    '0.25 at 96': (mobilenet(0.25), 96, EPOCHS),
    '0.25 at 128': (mobilenet(0.25), 128, 2.3),
    '0.25, full convolutions': (mobilenet(0.25, convolution=network.Full), 64, 4.2),
    '0.375: thin': (mobilenet(0.375), 64, 4.6),
    '0.5, shallow': (mobilenet(0.5, blocks=network.SHALLOW_BLOCKS), 64, 4.9),
}
EQUAL_TIME = ' in equal time'
RUNS = [*NETWORKS, *(name + EQUAL_TIME for name, (_, _, epochs) in NETWORKS.items() if epochs != EPOCHS)]


def run(cache, name, seed):
    build, resolution, epochs = NETWORKS[name.removesuffix(EQUAL_TIME)]
    if not name.endswith(EQUAL_TIME):
        epochs = EPOCHS
    torch.manual_seed(seed)
    net = build().to(memory_format=torch.channels_last).train()
    settings = recipe.Recipe(
        peak_rate=0.2, weight_decay=1e-5, cut_mix=0, warm_up_steps=WARM_UP_STEPS,
        phases=(recipe.Phase(epochs, {resolution: 1}, recipe.LEAST_AREA),),
    )
    trainer = Trainer(net, settings, cache, seed, every=EVERY)
    started = time.process_time()
    for number in range(len(trainer.plan)):
        trainer.step(number)
    seconds = time.process_time() - started
    trainer.finish()
    export.gather_statistics(net, trainer.images, export.sample_of(trainer.training), resolution)
    images, _, labels = data.load(cache, 'validation')
    shown = np.flatnonzero(labels % EVERY == 0)
    logits = export.logits_of(net, images, shown, resolution)
    right = (logits.argmax(1).numpy() == labels[shown] // EVERY).mean()
    return {
        'name': name, 'seed': seed, 'epochs': epochs, 'resolution': resolution, 'cpuSeconds': round(seconds),
        'multAdds': mult_adds(net, resolution), 'parameters': sum(p.numel() for p in net.parameters()),
        'top1': round(float(right), 4),
    }


@torch.no_grad()
def mult_adds(net, resolution):
    """Of one image: each weight of a convolution is used once an output pixel, each of the classifier once."""
    counts = []

    def count(module, _, output):
        pixels = output.shape[2] * output.shape[3] if output.dim() == 4 else 1
        counts.append(module.weight.numel() * pixels)

    layers = [module for module in net.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    net(torch.zeros(1, 3, resolution, resolution))
    for hook in hooks:
        hook.remove()
    return sum(counts)


def run_missing(file, names, seeds, run):
    """Runs what the file doesn't hold yet, a core each, all names by one seed before the next, and keeps each result as it comes."""
    results = json.load(open(file)) if os.path.exists(file) else []
    done = {(each['name'], each['seed']) for each in results}
    missing = [(name, seed) for seed in seeds for name in names if (name, seed) not in done]
    with multiprocessing.get_context('spawn').Pool(os.cpu_count(), torch.set_num_threads, (1,)) as pool:
        for result in pool.imap_unordered(functools.partial(call, run), missing):
            results.append(result)
            print(json.dumps(result), flush=True)
            with open(file, 'w') as kept:
                json.dump(results, kept, indent=1)


def call(run, arguments):
    return run(*arguments)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--file', required=True)
    parser.add_argument('--runs', nargs='+', choices=RUNS, default=RUNS)
    options = parser.parse_args()
    run_missing(options.file, options.runs, SEEDS, functools.partial(run, options.cache))


if __name__ == '__main__':
    main()
