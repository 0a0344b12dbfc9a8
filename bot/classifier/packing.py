"""Writes a model as bytes and reads it back, without pickle."""

import io

import numpy as np

from bot.core.classifier.model import Model, ModelError, from_arrays, to_arrays


def pack_model(model: Model) -> bytes:
    """A model as an npz file, without pickle."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **to_arrays(model))
    return file.getvalue()


def unpack_model(data: bytes) -> Model:
    """The model in an npz file. Raises ModelError."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return from_arrays(dict(arrays))
    except Exception as error:
        raise ModelError(str(error)) from error
