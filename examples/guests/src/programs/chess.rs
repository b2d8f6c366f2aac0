//! Legal chess moves counted and searched (`shakmaty`).

use shakmaty::{Chess, Color, Move, Position, Role, perft};

use crate::input::Random;

/// Counts the moves from the initial position, then plays a game in which each side takes the best
/// of a few moves drawn from the seed.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut position = Chess::default();
    let mut output = format!("perft(3) {}\n", perft(&position, 3));
    for turn in 0..24 {
        let moves = position.legal_moves();
        if moves.is_empty() {
            break;
        }
        let drawn = (0..3).map(|_| moves[random.below(moves.len() as u32) as usize]);
        let Some(best) = drawn.max_by_key(|candidate| -search(&after(&position, *candidate), 1))
        else {
            break;
        };
        output.push_str(&format!("{turn} {best} of {}\n", moves.len()));
        position = after(&position, best);
    }
    output.push_str(&format!("{:?}\n", position.board()));
    output.into_bytes()
}

fn after(position: &Chess, chosen: Move) -> Chess {
    let mut next = position.clone();
    next.play_unchecked(chosen);
    next
}

/// The material balance for the side to move, `depth` half-moves ahead.
fn search(position: &Chess, depth: u32) -> i32 {
    if depth == 0 {
        return material(position, position.turn()) - material(position, !position.turn());
    }
    let moves = position.legal_moves();
    let replies = moves
        .iter()
        .map(|reply| -search(&after(position, *reply), depth - 1));
    replies
        .max()
        .unwrap_or(if position.is_checkmate() { -1000 } else { 0 })
}

fn material(position: &Chess, color: Color) -> i32 {
    let worth = [
        (Role::Pawn, 1),
        (Role::Knight, 3),
        (Role::Bishop, 3),
        (Role::Rook, 5),
        (Role::Queen, 9),
    ];
    let board = position.board();
    worth
        .iter()
        .map(|(role, value)| value * (board.by_role(*role) & board.by_color(color)).count() as i32)
        .sum()
}
