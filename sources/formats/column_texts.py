"""A column of a file as texts, such as the ids of rows."""

import pandas as pd


def column_texts(column: pd.Series) -> pd.Series:
    """Return a column as texts, whole numbers without a decimal point; what is empty stays empty.

    A file's whole numbers become floats where one of them is empty, or where it has no type for them.
    """
    if pd.api.types.is_float_dtype(column):
        return column.map(lambda value: pd.NA if pd.isna(value) else f"{value:.15g}").astype("string")
    return column.astype("string")
