"""Places that data comes from: arrays, images, folders, catalogues, downloads.

arraynames.py   Which array of several is what, by its name: X or labels, of which part of the
                data.
arrays.py       NumPy's own files, .npy and .npz, memory-mapped wherever the bytes lie
                uncompressed.
catalog.py      What `hpsoft data list`, `info` and `fetch` show: plain data, drawn elsewhere.
download.py     Downloading image sets into the user's cache, mirror after mirror.
folder.py       Reading a folder: IDX files in the manner of MNIST, or .npy files named as in an
                .npz.
idx.py          The IDX format of the MNIST family: one array a file, big-endian, compressed by
                gzip or not.
images.py       Reading image sets by name: on this machine first, from a mirror otherwise.
imagesets.py    Fashion-MNIST and MNIST: what their files are called, hold and hash to, and who
                serves them.
sklearnsets.py  Data sets that come with or through scikit-learn: the embedded digits, and OpenML.
"""
