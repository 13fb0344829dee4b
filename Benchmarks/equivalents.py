"""albumentations' transforms with the name or the kind of a corruption of ImageNet-C, set to the
strengths of severities 3 and 5 where its parameters allow it."""
import albumentations as A

WITHOUT_SHIFT = (0, 0)

EQUIVALENTS = {
    ("gaussian_noise", 3): A.GaussNoise(std_range=(0.18, 0.18), p=1),
    ("gaussian_noise", 5): A.GaussNoise(std_range=(0.38, 0.38), p=1),
    ("shot_noise", 3): A.ShotNoise(scale_range=(1 / 12, 1 / 12), p=1),
    ("shot_noise", 5): A.ShotNoise(scale_range=(1 / 3, 1 / 3), p=1),
    ("impulse_noise", 3): A.SaltAndPepper(amount=(0.09, 0.09), p=1),
    ("impulse_noise", 5): A.SaltAndPepper(amount=(0.27, 0.27), p=1),
    ("gaussian_blur", 3): A.GaussianBlur(sigma_limit=(3, 3), p=1),
    ("gaussian_blur", 5): A.GaussianBlur(sigma_limit=(6, 6), p=1),
    ("glass_blur", 3): A.GlassBlur(sigma=1, max_delta=2, iterations=3, p=1),
    ("glass_blur", 5): A.GlassBlur(sigma=1.5, max_delta=4, iterations=2, p=1),
    ("defocus_blur", 3): A.Defocus(radius=(6, 6), alias_blur=(0.5, 0.5), p=1),
    ("defocus_blur", 5): A.Defocus(radius=(10, 10), alias_blur=(0.5, 0.5), p=1),
    ("motion_blur", 3): A.MotionBlur(blur_limit=(31, 31), p=1),
    ("motion_blur", 5): A.MotionBlur(blur_limit=(41, 41), p=1),
    ("zoom_blur", 3): A.ZoomBlur(max_factor=(1.21, 1.21), step_factor=(0.02, 0.02), p=1),
    ("zoom_blur", 5): A.ZoomBlur(max_factor=(1.33, 1.33), step_factor=(0.03, 0.03), p=1),
    ("fog", 3): A.RandomFog(fog_coef_range=(0.6, 0.6), p=1),
    ("fog", 5): A.RandomFog(fog_coef_range=(1, 1), p=1),
    ("snow", 3): A.RandomSnow(snow_point_range=(0.2, 0.2), p=1),
    ("snow", 5): A.RandomSnow(snow_point_range=(0.3, 0.3), p=1),
    ("spatter", 3): A.Spatter(
        mean=(0.65, 0.65), std=(0.3, 0.3), gauss_sigma=(2, 2), cutout_threshold=(0.68, 0.68),
        intensity=(0.5, 0.5), mode="rain", p=1),
    ("spatter", 5): A.Spatter(
        mean=(0.67, 0.67), std=(0.4, 0.4), gauss_sigma=(1, 1), cutout_threshold=(0.65, 0.65),
        intensity=(1, 1), mode="mud", p=1),
    ("contrast", 3): A.RandomBrightnessContrast(
        brightness_limit=WITHOUT_SHIFT, contrast_limit=(-0.8, -0.8), p=1),
    ("contrast", 5): A.RandomBrightnessContrast(
        brightness_limit=WITHOUT_SHIFT, contrast_limit=(-0.95, -0.95), p=1),
    ("brightness", 3): A.RandomBrightnessContrast(
        brightness_limit=(0.3, 0.3), contrast_limit=WITHOUT_SHIFT, p=1),
    ("brightness", 5): A.RandomBrightnessContrast(
        brightness_limit=(0.5, 0.5), contrast_limit=WITHOUT_SHIFT, p=1),
    ("saturate", 3): A.HueSaturationValue(
        hue_shift_limit=WITHOUT_SHIFT, sat_shift_limit=(60, 60), val_shift_limit=WITHOUT_SHIFT,
        p=1),
    ("saturate", 5): A.HueSaturationValue(
        hue_shift_limit=WITHOUT_SHIFT, sat_shift_limit=(120, 120), val_shift_limit=WITHOUT_SHIFT,
        p=1),
    ("jpeg_compression", 3): A.ImageCompression(quality_range=(15, 15), p=1),
    ("jpeg_compression", 5): A.ImageCompression(quality_range=(7, 7), p=1),
    ("pixelate", 3): A.Downscale(scale_range=(0.4, 0.4), p=1),
    ("pixelate", 5): A.Downscale(scale_range=(0.25, 0.25), p=1),
    ("elastic_transform", 3): A.ElasticTransform(alpha=21.25, sigma=2.24, p=1),
    ("elastic_transform", 5): A.ElasticTransform(alpha=30, sigma=2.24, p=1),
}
