//! A gravitational simulation in double precision, and a Fourier transform of its energy (`libm`).

use std::f64::consts::TAU;

use crate::input::Random;

const BODIES: usize = 8;
const STEPS: usize = 4096;
const STEP: f64 = 1e-3;

#[derive(Clone, Copy)]
struct Body {
    position: [f64; 3],
    velocity: [f64; 3],
    mass: f64,
}

/// The bits of every final position and velocity, then of the energy's spectrum.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut bodies = [(); BODIES].map(|()| {
        let mut vector = |scale: f64| [(); 3].map(|()| (random.unit() - 0.5) * scale);
        let (position, velocity) = (vector(10.0), vector(1.0));
        Body {
            position,
            velocity,
            mass: 0.1 + random.unit(),
        }
    });
    let mut samples = Vec::with_capacity(STEPS / 8);
    for step in 0..STEPS {
        advance(&mut bodies);
        if step % 8 == 0 {
            samples.push((energy(&bodies), 0.0));
        }
    }
    transform(&mut samples);

    let state = bodies
        .iter()
        .flat_map(|body| body.position.into_iter().chain(body.velocity));
    let spectrum = samples
        .iter()
        .map(|(real, imaginary)| libm::hypot(*real, *imaginary));
    state.chain(spectrum).flat_map(f64::to_le_bytes).collect()
}

fn advance(bodies: &mut [Body; BODIES]) {
    for i in 0..BODIES {
        for j in i + 1..BODIES {
            let mut delta = [0.0; 3];
            for (axis, value) in delta.iter_mut().enumerate() {
                *value = bodies[i].position[axis] - bodies[j].position[axis];
            }
            let square: f64 = delta.iter().map(|d| d * d).sum::<f64>() + 1e-4;
            let magnitude = STEP / (square * square.sqrt());
            let (mass_i, mass_j) = (bodies[i].mass, bodies[j].mass);
            for (axis, value) in delta.iter().enumerate() {
                bodies[i].velocity[axis] -= value * mass_j * magnitude;
                bodies[j].velocity[axis] += value * mass_i * magnitude;
            }
        }
    }
    for body in bodies {
        for axis in 0..3 {
            body.position[axis] += STEP * body.velocity[axis];
        }
    }
}

fn energy(bodies: &[Body; BODIES]) -> f64 {
    let kinetic = |body: &Body| 0.5 * body.mass * body.velocity.iter().map(|v| v * v).sum::<f64>();
    bodies.iter().map(kinetic).sum()
}

/// The discrete Fourier transform of a power of two of complex samples, in place (Cooley-Tukey).
fn transform(samples: &mut [(f64, f64)]) {
    let len = samples.len();
    if len < 2 {
        return;
    }
    let (mut even, mut odd) = (Vec::new(), Vec::new());
    for pair in samples.chunks_exact(2) {
        even.push(pair[0]);
        odd.push(pair[1]);
    }
    transform(&mut even);
    transform(&mut odd);
    for (k, (e, o)) in even.into_iter().zip(odd).enumerate() {
        let angle = -TAU * k as f64 / len as f64;
        let (cos, sin) = (libm::cos(angle), libm::sin(angle));
        let turned = (o.0 * cos - o.1 * sin, o.0 * sin + o.1 * cos);
        samples[k] = (e.0 + turned.0, e.1 + turned.1);
        samples[k + len / 2] = (e.0 - turned.0, e.1 - turned.1);
    }
}
