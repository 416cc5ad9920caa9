fn main() -> std::process::ExitCode {
    duongve::commands::main()
}
