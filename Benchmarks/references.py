"""The published implementation that both comparisons time, with the one patch it needs."""
import imagecorruptions.corruptions as implementation


def accept_removed_keyword():
    """imagecorruptions 1.1.2 calls skimage's gaussian with a keyword that newer versions lack."""
    gaussian = implementation.gaussian
    if gaussian.__name__ == "compatible":
        return  # a worker that was forked has it already

    def compatible(image, *parameters, multichannel=False, **others):
        axis = -1 if multichannel else None
        return gaussian(image, *parameters, channel_axis=axis, **others)

    implementation.gaussian = compatible
