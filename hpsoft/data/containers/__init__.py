"""Files that hold named arrays, and which of their arrays are features and labels.

    path -> formats.open_container -> Container -> choose -> Source

A format is one short file that makes a `Container`; names, parts, labels and the options
`--features` and `--target` stand once, and see nothing of the format.

arraynames.py       Which array of several is what, by its name: X or labels, of which part of the
                    data.
choose.py           A container of arrays -> the Source that a data set is made of.
container.py        A container of named arrays, none of them read before it is chosen.
dense.py            Sparse features as the dense matrix that training takes, where there is memory
                    for it.
extras.py           Libraries that only some files need.
fitting.py          Whether an array can be features, or labels, by its shape and what it holds.
formats.py          Which file is opened by what, and several files as one container.
hdf5.py             Reading .h5 and .hdf5: data sets by their paths, such as `train/X`.
mapping.py          Bytes of a file as an array: mapped, not read.
matlab.py           Reading .mat: versions 4 to 7 through SciPy, 7.3, which is HDF5, through h5py.
matlab73.py         Variables of a .mat file of version 7.3: HDF5, with axes in MATLAB's order,
                    thus reversed.
numpyfiles.py       NumPy's own files, .npy and .npz, memory-mapped wherever the bytes lie
                    uncompressed.
parts.py            Which arrays of a container make the parts of a data set: by the user's word,
                    names, or fit.
safetensorsfile.py  Reading .safetensors: named tensors, memory-mapped.
torchfile.py        Reading .pt and .pth: tensors in dictionaries, lists and tuples, by torch.load,
                    weights only.
"""
