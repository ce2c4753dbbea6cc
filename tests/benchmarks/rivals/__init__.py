"""What a user could write instead of hpsoft, each program as its library's manual has it.

A rival trains models of the reference run on the same mini-batches: `prepare` once, then
`run(order, batch_size)`, which starts from zero weights and returns when the work is done, then
`weights(i)`, the (n_features, n_classes) of model i of those trained, to check that all compute
the same thing. Each runs in a process of its own that is pinned to one core.
"""

from rivals.hpsoft_kernel import HpsoftKernel
from rivals.jax_programs import JaxFused, JaxVmap
from rivals.numpy_loop import NumpyLoop32, NumpyLoop64
from rivals.sklearn_loop import SklearnLoop, SklearnPass
from rivals.steppers import HpsoftAdam, HpsoftMomentum, TorchAdam, TorchMomentum
from rivals.torch_programs import TorchLoop, TorchVmap

RIVALS = {
    rival.__name__: rival
    for rival in (
        HpsoftKernel,
        NumpyLoop64,
        NumpyLoop32,
        SklearnLoop,
        SklearnPass,
        TorchLoop,
        TorchVmap,
        JaxVmap,
        JaxFused,
    )
}

# Other iterations than SGD's, for plugins.py: hpsoft's plugin and PyTorch's loop of each.
STEPPERS = {
    rival.__name__: rival for rival in (HpsoftMomentum, TorchMomentum, HpsoftAdam, TorchAdam)
}
PROGRAMS = RIVALS | STEPPERS
