//! Double precision. Only operations whose result IEEE 754 fixes.

use crate::{Random, Scratch};

/// Products of square matrices of side 104, or `size` if that is less: one for each 104 of `size`.
pub(crate) fn matrix(size: u32, scratch: &mut Scratch) -> u64 {
    let side = (size as usize).min(104);
    let rounds = size.div_ceil(104) as usize;
    let (a, rest) = scratch.floats.split_at_mut(side * side);
    let (b, rest) = rest.split_at_mut(side * side);
    let c = &mut rest[..side * side];
    let mut random = Random::new(6);
    a.fill_with(|| f64::from(random.bits() as i8));
    b.fill_with(|| f64::from(random.bits() as i8) / 8.0);
    let mut sum = 0.0;
    for _ in 0..rounds {
        for row in 0..side {
            for column in 0..side {
                let mut dot = 0.0;
                for k in 0..side {
                    dot += a[row * side + k] * b[k * side + column];
                }
                c[row * side + column] = dot;
            }
        }
        a[0] += 1.0;
        sum += c.iter().sum::<f64>();
    }
    sum.to_bits() ^ u64::from(size)
}

/// Iterations in a picture of `size` by `size` points.
pub(crate) fn mandelbrot(size: u32, _: &mut Scratch) -> u64 {
    let step = 2.5 / f64::from(size);
    let mut total = 0;
    for row in 0..size {
        for column in 0..size {
            let (cx, cy) = (f64::from(column) * step - 2.0, f64::from(row) * step - 1.25);
            let (mut x, mut y) = (0.0, 0.0);
            let mut count = 0_u64;
            while count < 200 && x * x + y * y <= 4.0 {
                (x, y) = (x * x - y * y + cx, 2.0 * x * y + cy);
                count += 1;
            }
            total += count;
        }
    }
    total
}

/// Five bodies under gravity, `size` steps.
pub(crate) fn nbody(size: u32, _: &mut Scratch) -> u64 {
    #[derive(Clone, Copy)]
    struct Body {
        place: [f64; 3],
        speed: [f64; 3],
        mass: f64,
    }
    let mut random = Random::new(7);
    let mut unit = || (random.bits() >> 40) as f64 / (1_u32 << 24) as f64;
    let mut bodies = [(); 5].map(|()| Body {
        place: [10.0 * unit(), 10.0 * unit(), 10.0 * unit()],
        speed: [unit() - 0.5, unit() - 0.5, unit() - 0.5],
        mass: 0.1 + unit(),
    });
    for _ in 0..size {
        for i in 0..bodies.len() {
            for j in i + 1..bodies.len() {
                let (one, two) = (bodies[i], bodies[j]);
                let delta = [0, 1, 2].map(|axis| one.place[axis] - two.place[axis]);
                let square = delta[0] * delta[0] + delta[1] * delta[1] + delta[2] * delta[2] + 0.01;
                let pull = 0.001 / (square * sqrt(square));
                for (axis, delta) in delta.into_iter().enumerate() {
                    bodies[i].speed[axis] -= delta * two.mass * pull;
                    bodies[j].speed[axis] += delta * one.mass * pull;
                }
            }
        }
        for body in &mut bodies {
            for axis in 0..3 {
                body.place[axis] += 0.001 * body.speed[axis];
            }
        }
    }
    let bits = bodies.iter().flat_map(|body| body.place);
    bits.fold(0, |sum, value| sum.rotate_left(5) ^ value.to_bits())
}

/// A square root by Newton's method: `core` has none, and a library's would measure the library.
fn sqrt(value: f64) -> f64 {
    let guess = f64::from_bits((value.to_bits() >> 1) + (0x1ff8 << 48));
    (0..4).fold(guess, |root, _| 0.5 * (root + value / root))
}
