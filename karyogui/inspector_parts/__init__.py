"""Parts of the inspector: chromosome_view (large, beside the ideogram), confidence_view, readings, widgets."""
