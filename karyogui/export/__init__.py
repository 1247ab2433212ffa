"""The karyogram as PNG and PDF, painted from the same layout numbers as the screen."""
