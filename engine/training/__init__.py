"""Learning from labelled cells: config, dataset, augment, sampling, loop, metrics."""
