"""The protocol of a study on one page: Markdown for people, the same as JSON for programs.

again.py     What makes the study again: commands, or Python where the data were in memory.
document.py  The JSON document.
escape.py    What data say, in Markdown: nothing of it is markup, and no control character is left.
findings.py  What was found, in Markdown: the winner, its neighbours, luck and distance to the
             optimum.
formats.py   The page in a format, written at once.
markdown.py  The page in Markdown, section by section.
words.py     Sentences: which values were used, and how far the search has come.
"""
