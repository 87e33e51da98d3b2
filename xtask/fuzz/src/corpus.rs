//! Writes what the fuzzer begins with: the examples of all rules, and the documented pages.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    for target in ["fix", "generate"] {
        let folder = fuzz.join("corpus").join(target);
        std::fs::create_dir_all(&folder)?;
        for rule in xtask::repair::RULES.iter().chain(xtask::lower::LOWERINGS) {
            std::fs::write(folder.join(format!("{}.before", rule.name)), rule.example.before)?;
            std::fs::write(folder.join(format!("{}.after", rule.name)), rule.example.after)?;
        }
        for page in std::fs::read_dir(fuzz.join("../../openapi/pages"))? {
            let page = page?;
            std::fs::copy(page.path(), folder.join(page.file_name()))?;
        }
    }
    Ok(())
}
