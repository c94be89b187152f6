"""Models in the window: catalogue, download, import, removal."""
