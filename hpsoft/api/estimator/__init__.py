"""One model as a scikit-learn classifier: trained by the setup and the loop of the command line.

    X, y, weights -> inputs -> Samples -> scaled -> parameters -> training -> TrainedModel

classifier.py  `SoftmaxRegression`: parameters, fit, and what a fitted one says.
fitting.py     A fit: arrays and parameters that were asked for -> a trained model, and what it
               was made of.
inputs.py      What the samples count, and the seed: as scikit-learn has them, and as hpsoft does.
loading.py     `load_model`: a model's file, or a model, as a fitted estimator.
parameters.py  The hyperparameters of a fit: those given, and values that fit the data.
strength.py    The L2 of an estimator in the units of other libraries, fitted or not.
trained.py     What a trained model gives: probabilities and coefficients, as scikit-learn has
               them.
"""
