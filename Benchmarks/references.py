"""The published implementation that both comparisons time, with the one patch it needs."""
import imagecorruptions.corruptions as implementation


def accept_removed_keyword():
    """imagecorruptions 1.1.2 calls skimage's gaussian with a keyword that newer versions lack."""
    gaussian = implementation.gaussian

    def compatible(image, *, multichannel=False, **others):
        return gaussian(image, channel_axis=-1 if multichannel else None, **others)

    implementation.gaussian = compatible
