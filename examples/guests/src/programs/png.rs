//! An image drawn, encoded and decoded as PNG (`png`).

use png::{BitDepth, ColorType, Decoder, Encoder};

use crate::input::Random;

const WIDTH: u32 = 96;
const HEIGHT: u32 = 64;

/// A part of the Mandelbrot set as a PNG file, which is proven to decode to the same pixels.
///
/// # Panics
/// The round trip changed a pixel.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let pixels = draw(&mut Random::new(seed));
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, WIDTH, HEIGHT);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a Vec takes it");
    writer.write_image_data(&pixels).expect("the size fits");
    writer.finish().expect("a Vec takes it");

    let decoder = Decoder::new(std::io::Cursor::new(&file));
    let mut reader = decoder.read_info().expect("own output is valid");
    let mut decoded = vec![0; reader.output_buffer_size().expect("it is small")];
    reader
        .next_frame(&mut decoded)
        .expect("own output is valid");
    assert_eq!(decoded, pixels);
    file
}

fn draw(random: &mut Random) -> Vec<u8> {
    let (left, top) = (-0.8 + random.unit() * 0.1, 0.1 + random.unit() * 0.1);
    let mut pixels = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let c = (left + f64::from(x) * 1e-3, top + f64::from(y) * 1e-3);
            let mut z = (0.0_f64, 0.0_f64);
            let mut count = 0_u8;
            while z.0 * z.0 + z.1 * z.1 < 4.0 && count < 96 {
                z = (z.0 * z.0 - z.1 * z.1 + c.0, 2.0 * z.0 * z.1 + c.1);
                count += 1;
            }
            pixels.extend([count.wrapping_mul(5), count.wrapping_mul(3), 255 - count]);
        }
    }
    pixels
}
