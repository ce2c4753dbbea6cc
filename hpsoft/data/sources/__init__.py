"""Places that data comes from: paths, images, folders, catalogues, downloads.

catalog.py      What `hpsoft data list`, `info` and `fetch` show: plain data, drawn elsewhere.
download.py     Downloading image sets into the user's cache, mirror after mirror.
folder.py       Reading a folder: IDX files in the manner of MNIST, arrays, or tables; of any, in
                parts.
idx.py          The IDX format of the MNIST family: one array a file, big-endian, compressed by
                gzip or not.
images.py       Reading image sets by name: on this machine first, from a mirror otherwise.
imagesets.py    Fashion-MNIST and MNIST: what their files are called, hold and hash to, and who
                serves them.
paths.py        A path -> the reader of what lies there, told by its name, or by its first bytes.
sklearnsets.py  Data sets that come with or through scikit-learn: the embedded digits, and OpenML.
svmlight.py     Reading svmlight and libsvm: a label a line, then index:value of what is not zero.
tableparts.py   Folders of tables: shards of one table, and the parts train, validation and test.
"""
