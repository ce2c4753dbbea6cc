"""Arrays by name -> a file of each format."""

import numpy as np


def write_npz(path, arrays):
    np.savez(path, **arrays)


def write_packed_npz(path, arrays):
    np.savez_compressed(path, **arrays)


def write_safetensors(path, arrays):
    from safetensors.numpy import save_file

    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


def write_hdf5(path, arrays):
    import h5py

    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array


def write_chunked_hdf5(path, arrays):
    import h5py

    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, compression="gzip", shuffle=True)


def write_mat(path, arrays):
    from scipy.io import savemat

    savemat(path, arrays)


def write_folder(path, arrays):
    path.mkdir()
    for name, array in arrays.items():
        (path / f"{name}.npy").parent.mkdir(exist_ok=True)
        np.save(path / f"{name}.npy", array)


WRITERS = {
    "a.npz": write_npz,
    "b.npz": write_packed_npz,
    "a.safetensors": write_safetensors,
    "a.h5": write_hdf5,
    "b.hdf5": write_chunked_hdf5,
    "a.mat": write_mat,
    "folder": write_folder,
}
