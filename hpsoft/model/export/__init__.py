"""The model in other programs' formats, compared with itself before a file appears.

    TrainedModel -> head -> bytes of a format -> read back, compared with our own logits -> file

Scaling and temperature are folded into weights and bias, so that the head acts on raw features:
z = X @ W + b with W = weights / (divisor * T), b = (bias - shift / divisor @ weights) / T.

compare.py         Random rows, and whether two ways to their logits agree.
export.py          From a model to a file of a format, checked and written whole.
head.py            Scaling and temperature folded into weight and bias.
onnxfile.py        ONNX: Gemm, Softmax, ArgMax and class names, run before it is written.
optional.py        Libraries that only some formats need.
plainfiles.py      safetensors for torch, and the same head as a file of hpsoft's own.
sklearncolumns.py  The encoding of a table as a ColumnTransformer, where that is exact.
sklearnfile.py     scikit-learn: a LogisticRegression, in a Pipeline where it needs one, by skops.
"""
