"""Maps digits with one library. Usage: peer.py LIBRARY FOLDER NEIGHBORS THREADS

Reads train.bin and test.bin of the folder, [N, 784] float32; writes LIBRARY.map.bin and, where the library can place new
points, LIBRARY.placed.bin, [N, 2] float32. Prints one line of JSON: seconds for both, and the peak of memory in MB.
"""

import json
import os
import resource
import sys
import time


def open_tsne(train, test, neighbors, threads):
    from openTSNE import TSNE

    tsne = TSNE(perplexity=neighbors, n_jobs=threads, random_state=1)
    yield (embedding := tsne.fit(train))
    yield embedding.transform(test)


def sklearn(train, test, neighbors, threads):
    from sklearn.manifold import TSNE

    yield TSNE(perplexity=neighbors, n_jobs=threads, random_state=1).fit_transform(train)


def umap(train, test, neighbors, threads):
    from umap import UMAP

    mapper = UMAP(n_jobs=threads).fit(train)
    yield mapper.embedding_
    yield mapper.transform(test)


def parametric_umap(train, test, neighbors, threads):
    from umap.parametric_umap import ParametricUMAP

    mapper = ParametricUMAP(verbose=False)
    yield mapper.fit_transform(train)
    yield mapper.transform(test)


def glass_box_umap(train, test, neighbors, threads):
    from glass_box_umap import GlassBoxUMAP

    mapper = GlassBoxUMAP(random_state=1, quiet=True)
    mapper.fit(train)
    yield mapper.transform(train)
    yield mapper.transform(test)


LIBRARIES = {
    "openTSNE": open_tsne,
    "sklearn": sklearn,
    "umap": umap,
    "parametric-umap": parametric_umap,
    "glass-box-umap": glass_box_umap,
}


def main():
    library, folder, neighbors, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    import numpy as np

    train, test = (
        np.fromfile(os.path.join(folder, f"{name}.bin"), np.float32).reshape(-1, 784) for name in ("train", "test")
    )
    seconds = []
    started = time.perf_counter()
    for name, places in zip(("map", "placed"), LIBRARIES[library](train, test, neighbors, threads)):
        seconds.append(time.perf_counter() - started)
        np.asarray(places, np.float32).tofile(os.path.join(folder, f"{library}.{name}.bin"))
        started = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


main()
