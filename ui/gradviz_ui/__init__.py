"""The Qt app: views and gestures over one open `gradviz` document."""
