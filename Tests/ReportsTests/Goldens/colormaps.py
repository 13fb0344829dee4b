"""Writes colormaps.csv: colours of matplotlib's viridis and PuOr, which heat maps take.

    pip install matplotlib && python colormaps.py > colormaps.csv
"""
import matplotlib
from matplotlib import colors

print("map,position,color")
for name, low, high in (("viridis", 0.0, 1.0), ("PuOr", 0.1, 0.9)):
    for step in range(33):
        position = step / 32
        color = colors.to_hex(matplotlib.colormaps[name](low + position * (high - low)))
        print(f"{name},{position},{color}")
