"""HTML: plots as files of their own, and what a notebook shows.

newton_plot.py  Draws newton-demo's paths over the contours of J, as one HTML file that needs no
                network.
plot.py         A plotly figure as one HTML file that needs no network. The only door to plotly.
regret_plot.py  Draws the distributions of regret, as one HTML file that needs no network.
search.py       What a search found as HTML for a notebook: leaderboard, winner, certificate.
"""
