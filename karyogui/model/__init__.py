"""Plain values of the program, without Qt, torch or cv2: placements, the karyogram's layout, files in progress."""
