//! The order of steps, or the circle that leaves none.

/// Positions in an order where each comes after what it needs.
///
/// # Errors
///
/// The positions of a circle, each needing the next.
pub(super) fn order(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut done = vec![false; needs.len()];
    let mut order = Vec::with_capacity(needs.len());
    while order.len() < needs.len() {
        let ready = (0..needs.len()).find(|at| !done[*at] && needs[*at].iter().all(|n| done[*n]));
        let Some(next) = ready else { return Err(circle(needs, &done)) };
        done[next] = true;
        order.push(next);
    }
    Ok(order)
}

/// Follows unmet needs from any step that is not done until one comes again.
fn circle(needs: &[Vec<usize>], done: &[bool]) -> Vec<usize> {
    let mut path: Vec<usize> = Vec::new();
    let mut at = done.iter().position(|done| !done).unwrap_or_default();
    loop {
        if let Some(start) = path.iter().position(|seen| *seen == at) {
            return path.split_off(start);
        }
        path.push(at);
        match needs[at].iter().find(|need| !done[**need]) {
            Some(next) => at = *next,
            None => return path,
        }
    }
}
