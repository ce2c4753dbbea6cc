"""Tables as Arrow holds them: Parquet, Feather, Arrow's own files, ARFF; columns of lists.

    files -> Columnar -> parquet.py -> plain.py, or vectors.py for lists -> Source

arff.py      Reading .arff, the files of Weka: a header of attributes, then rows.
arffrows.py  Rows of an .arff file -> cells: quoted, escaped, sparse, with the line of every error.
columnar.py  Files of columns that are read when they are asked for: Parquet, Arrow, Feather.
csvarrow.py  Reading a large table of text with Arrow's parser, several times as fast as row by
             row.
gaps.py      Rows whose lists are missing, left out where the user says so.
images.py    Columns of images as the Hugging Face hub stores them: PNG or JPEG, and a path.
parquet.py   Reading .parquet, and other tables of Arrow's, through pyarrow.
plain.py     Columns of single values: numbers, truth values, text and dates, each with gaps.
vectors.py   Columns of lists as features: embeddings of one length, images as lists of lists.
"""
