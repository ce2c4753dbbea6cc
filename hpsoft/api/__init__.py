"""How does Python call it? What `import hpsoft` offers, with values where options have text.

estimator/  One model as a scikit-learn classifier, and a model's file as one.
"""
