//! Writes what the fuzzer begins with, to `xtask/fuzz/corpus`: the examples of all rules, and the
//! documented pages.

use std::{fs, io, path::Path};

use xtask::{lower::LOWERINGS, repair::RULES};

fn main() -> io::Result<()> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    for target in ["fix", "generate"] {
        let folder = package.join("fuzz/corpus").join(target);
        fs::create_dir_all(&folder)?;
        for rule in RULES.iter().chain(LOWERINGS) {
            fs::write(folder.join(format!("{}.before", rule.name)), rule.example.before)?;
            fs::write(folder.join(format!("{}.after", rule.name)), rule.example.after)?;
        }
        for page in fs::read_dir(package.join("../openapi/pages"))? {
            let page = page?;
            fs::copy(page.path(), folder.join(page.file_name()))?;
        }
    }
    Ok(())
}
