"""Fashion-MNIST and MNIST: what their files are called, hold and hash to, and who serves them."""

import os
from dataclasses import dataclass

FILES = {
    "train-images": "train-images-idx3-ubyte.gz",
    "train-labels": "train-labels-idx1-ubyte.gz",
    "test-images": "t10k-images-idx3-ubyte.gz",
    "test-labels": "t10k-labels-idx1-ubyte.gz",
}


@dataclass(frozen=True)
class ImageSet:
    """An image set of four IDX files."""

    name: str
    title: str
    description: str
    classes: tuple[str, ...]
    digests: dict[str, str]  # role -> SHA-256 of the uncompressed file
    mirrors: tuple[str, ...]  # tried in this order; any host will do, since content is pinned
    package: str | None = None  # Debian's


def mirrors(image_set: ImageSet) -> tuple[str, ...]:
    """Return the addresses to try, those of $HPSOFT_MIRROR instead where it is set.

    $HPSOFT_MIRROR holds addresses separated by spaces; `{name}` in one stands for the set's name.
    """
    own = os.environ.get("HPSOFT_MIRROR", "").split()
    return tuple(url.replace("{name}", image_set.name) for url in own or image_set.mirrors)


FASHION_MNIST = ImageSet(
    name="fashion-mnist",
    title="Fashion-MNIST",
    description="70,000 grey images of clothes, 28 x 28, 10 classes",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    digests={
        "train-images": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "test-images": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "test-labels": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    package="dataset-fashion-mnist",
)

MNIST = ImageSet(
    name="mnist",
    title="MNIST",
    description="70,000 grey images of handwritten digits, 28 x 28, 10 classes",
    classes=tuple("0123456789"),
    digests={
        "train-images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "test-images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "test-labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
)

IMAGE_SETS = {image_set.name: image_set for image_set in (FASHION_MNIST, MNIST)}
