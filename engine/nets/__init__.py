"""nn.Modules only: classifiers (backbones and heads). No files, no devices, no cv2."""
