//! Prints decisions a second, one line for each number of prompts. For the browser: `cargo bench` runs the library natively.

fn main() {
    for prompts in decide::SIZES {
        println!("{prompts} {}", decide::decisions_a_second(prompts));
    }
}
