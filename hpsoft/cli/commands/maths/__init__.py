"""Commands about the mathematics, which need no data and no study.

gradcheck.py    `hpsoft gradcheck`: checks every identity of the mathematics, and optimizers
                against it.
newton_demo.py  `hpsoft newton-demo`: Newton's method in one step, and where one step is not
                enough.
"""
