"""Files of models that are damaged, or another program's: told as such, never used."""

import json
import struct

import numpy as np
import pytest
from safetensors.numpy import save_file

from hpsoft.errors import HpsoftError
from hpsoft.model.files import TrainedModel, load, save

SOUND = {
    "weights": np.ones((4, 3)),
    "bias": np.zeros(3),
    "shift": np.zeros(4),
    "divisor": np.array(2.0),
}
METADATA = {"classes": ["a", "b", "c"], "params": {"alpha": 1e-7}}


def written(path, arrays, metadata):
    """Write a file as releases before checksums did."""
    if path.suffix == ".npz":
        about = {} if metadata is None else {"metadata": np.array(json.dumps(metadata))}
        np.savez(path, **arrays, **about)
    else:
        save_file(arrays, path, None if metadata is None else {"hpsoft": json.dumps(metadata)})
    return path


FAULTS = [
    ({"weights": np.where(np.eye(4, 3), np.nan, 1)}, {}, "3 of the 12 numbers of its weights are"),
    ({"bias": np.array([0, np.inf, 0])}, {}, "1 of the 3 numbers of its bias are missing or inf"),
    ({"divisor": np.array([1.0, 0, 2, 0])}, {}, "its divisor has 2 zeros"),
    ({"bias": np.zeros(2)}, {}, r"names 3 classes, and has weights \(4, 3\) and bias \(2,\)"),
    ({"shift": np.zeros(5)}, {}, r"its shift is \(5,\), and its weights are \(4, 3\)"),
    ({"weights": np.ones((4, 3), bool)}, {}, "its weights are of dtype bool"),
    ({}, {"classes": None}, "its metadata name no classes"),
    ({}, {"temperature": 0}, "its temperature is 0, which is no number above 0"),
    ({}, {"scale": "minmax"}, "its scale is 'minmax', which is none of raw, unit"),
]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize(("arrays", "about", "told"), FAULTS, ids=[told for *_, told in FAULTS])
def test_a_fault_of_the_content_is_named(tmp_path, suffix, arrays, about, told):
    path = written(tmp_path / f"m{suffix}", {**SOUND, **arrays}, {**METADATA, **about})
    with pytest.raises(HpsoftError, match=rf"m{suffix} is no model .*{told}.*final --model-out"):
        load(path)


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_what_another_program_wrote_lacks_something(tmp_path, suffix):
    """No repr of a KeyError, and no word of Python's own."""
    path = written(tmp_path / f"m{suffix}", SOUND, None)
    with pytest.raises(HpsoftError, match="it has no metadata of hpsoft, so its classes"):
        load(path)
    path = written(tmp_path / f"n{suffix}", {"weights": np.ones(3), "bias": np.ones(1)}, METADATA)
    with pytest.raises(HpsoftError, match="no array 'shift' and no 'divisor', so another program"):
        load(path)


def test_files_of_before_checksums_are_read(tmp_path):
    model = load(written(tmp_path / "m.safetensors", SOUND, METADATA))
    np.testing.assert_array_equal(model.weights, SOUND["weights"])


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_no_flipped_bit_of_a_number_or_of_metadata_goes_unnoticed(tmp_path, suffix):
    """Any bit of the tensors, and of the text: of an .npz the archive has the checksums."""
    rng = np.random.default_rng(0)
    arrays = {**SOUND, "weights": rng.normal(size=(4, 3)), "shift": rng.normal(size=4)}
    path = tmp_path / f"m{suffix}"
    save(TrainedModel(**arrays, metadata=METADATA), path)
    content = path.read_bytes()
    if suffix == ".npz":
        places = [content.index(arrays["weights"].tobytes()) + i for i in range(0, 96, 7)]
    else:
        (n_header,) = struct.unpack("<Q", content[:8])
        places = [content.index(b"1e-07"), *range(8 + n_header, len(content), 5)]
    load(path)
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << int(rng.integers(3))
        path.write_bytes(changed)
        with pytest.raises(HpsoftError, match=r"checksum is not that of its content|Bad CRC-32"):
            load(path)
