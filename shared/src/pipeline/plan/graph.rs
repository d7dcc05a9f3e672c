//! The order of steps, or the circles that leave none.

/// Positions in an order where each comes after what it needs.
///
/// # Errors
///
/// Circles, each as positions of which every one needs the next: as many as have to be cut, at
/// least once each, until there is an order.
pub(super) fn order(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<Vec<usize>>> {
    let (mut needs, mut circles) = (needs.to_vec(), Vec::new());
    let mut done = vec![false; needs.len()];
    let mut order = Vec::with_capacity(needs.len());
    while order.len() < needs.len() {
        let ready = |at: &usize| !done[*at] && needs[*at].iter().all(|need| done[*need]);
        if let Some(next) = (0..needs.len()).find(ready) {
            done[next] = true;
            order.push(next);
            continue;
        }
        let circle = circle(&needs, &done);
        if let (Some(first), Some(last)) = (circle.first(), circle.last()) {
            needs[*last].retain(|need| need != first);
        }
        circles.push(circle);
    }
    if circles.is_empty() { Ok(order) } else { Err(circles) }
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
