//! The code of a case for the telephone. Pure.

const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// A case code for the telephone, `DV-7K3MQ`: four random letters and a check letter, never in sequence.
/// The weights find any one wrong letter and any two that changed places (31 is a prime).
pub fn code(random: [u8; 4]) -> String {
    let letters: Vec<usize> = random.iter().map(|byte| usize::from(*byte) % LETTERS.len()).collect();
    let check = check_letter(&letters);
    let mut code = String::from("DV-");
    for index in letters.into_iter().chain([check]) {
        code.push(char::from(LETTERS[index]));
    }
    code
}

fn check_letter(letters: &[usize]) -> usize {
    letters.iter().enumerate().map(|(place, letter)| (place + 2) * letter).sum::<usize>() % LETTERS.len()
}

/// A typed code in its own form (`dv 7k3mq` is `DV-7K3MQ`), if its check letter is right.
pub fn parse_code(typed: &str) -> Option<String> {
    let upper: String = typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let body = upper.strip_prefix("DV").filter(|rest| rest.len() == 5).unwrap_or(&upper);
    let letters: Vec<usize> =
        body.bytes().map(|byte| LETTERS.iter().position(|letter| *letter == byte)).collect::<Option<_>>()?;
    let (check, letters) = letters.split_last()?;
    (letters.len() == 4 && check_letter(letters) == *check).then(|| format!("DV-{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_people_say_it_and_a_slip_is_not() {
        let made = code([7, 101, 33, 250]);
        assert_eq!(parse_code(&made), Some(made.clone()));
        assert_eq!(parse_code(&made.to_lowercase().replace('-', " ")), Some(made.clone()));
        let mut swapped: Vec<char> = made.chars().collect();
        swapped.swap(3, 4);
        assert_eq!(parse_code(&swapped.into_iter().collect::<String>()), None);
    }
}
