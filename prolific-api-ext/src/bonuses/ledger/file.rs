use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::task::spawn_blocking;

use super::{Header, LedgerError, Progress, Record, VERSION};

/// How large a ledger may be that is read.
const MAX_BYTES: u64 = 256 << 20;
/// How long a ledger is waited for that is in use: a payout that was dropped ends the write that it
/// had begun.
const PATIENCE: Duration = Duration::from_millis(500);

/// A ledger that is open, and locked.
#[derive(Debug)]
pub(in super::super) struct Ledger {
    file: Arc<File>,
    /// The checksum of the last record.
    last: String,
    /// Whether the file may end with an incomplete record.
    is_broken: bool,
    /// Once a record could not be written, it may be ahead of the file.
    pub(in super::super) progress: Progress,
}

impl Ledger {
    /// Opens the ledger of a payout, or begins one.
    pub(in super::super) async fn open(path: PathBuf, header: Header) -> Result<Self, LedgerError> {
        spawn_blocking(move || Self::open_now(&path, header)).await.map_err(io::Error::from)?
    }

    fn open_now(path: &Path, header: Header) -> Result<Self, LedgerError> {
        let mut file = open_file(path)?;
        lock(&file)?;
        let mut text = Vec::new();
        (&mut file).take(MAX_BYTES + 1).read_to_end(&mut text)?;
        if text.len() as u64 > MAX_BYTES {
            return Err(LedgerError::NotALedger);
        }
        let (first, _) = Record::Planned(header.clone()).to_line("").map_err(io::Error::from)?;
        // The header was torn: nothing was done yet.
        if text.len() < first.len() && first.as_bytes().starts_with(&text) {
            file.set_len(0)?;
            file.write_all(first.as_bytes())?;
            file.sync_all()?;
            sync_folder(path)?;
            text = first.into_bytes();
        }
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let (progress, last) = replay(&text[..whole], &header)?;
        close_to_others(&file)?;
        if whole < text.len() {
            file.set_len(whole as u64)?;
            file.sync_all()?;
        }
        Ok(Self { file: Arc::new(file), last, is_broken: false, progress })
    }

    /// Writes a record, and returns once it is on the disk.
    pub(in super::super) async fn write(&mut self, record: Record) -> Result<(), LedgerError> {
        if self.is_broken {
            return Err(LedgerError::Broken);
        }
        let (line, checksum) = record.to_line(&self.last).map_err(io::Error::from)?;
        self.is_broken = true;
        self.progress.apply(record).ok_or(LedgerError::Broken)?;
        let file = self.file.clone();
        let written = spawn_blocking(move || {
            (&*file).write_all(line.as_bytes())?;
            file.sync_data()
        });
        written.await.map_err(io::Error::from)??;
        self.is_broken = false;
        self.last = checksum;
        Ok(())
    }
}

/// Locks a file, or says that it is in use. It may block.
fn lock(file: &File) -> Result<(), LedgerError> {
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// Opens a file that only the user can read.
fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok(file)
}

/// Makes the name of a new file survive a crash too.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    let _ = path;
    Ok(())
}

/// Restricts a file to its owner.
#[cfg(unix)]
fn close_to_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    file.set_permissions(std::fs::Permissions::from_mode(mode & 0o700))
}

#[cfg(not(unix))]
fn close_to_others(_: &File) -> io::Result<()> {
    Ok(())
}

/// Reads the records of a payout, all of them whole lines.
fn replay(text: &[u8], header: &Header) -> Result<(Progress, String), LedgerError> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let mut lines = lines.map(|line| line.strip_suffix(b"\n").unwrap_or(line));
    let first = lines.next().and_then(|line| Record::read(line, ""));
    let Some((Record::Planned(found), mut last)) = first else {
        return Err(LedgerError::NotALedger);
    };
    check(&found, header)?;
    let mut progress = Progress::new(found);
    for (line, text) in (2..).zip(lines) {
        let read = Record::read(text, &last);
        let (record, checksum) = read.ok_or(LedgerError::Damaged { line })?;
        progress.apply(record).ok_or(LedgerError::Damaged { line })?;
        last = checksum;
    }
    Ok((progress, last))
}

fn check(found: &Header, wanted: &Header) -> Result<(), LedgerError> {
    if found.version != VERSION {
        return Err(LedgerError::NotALedger);
    }
    let table = [
        ("the study", found.study == wanted.study),
        ("the workspace", found.workspace == wanted.workspace),
        ("the size of parts", found.part_size == wanted.part_size),
        ("the plan", found == wanted),
    ];
    match table.into_iter().find(|(_, is_same)| !is_same) {
        Some((differs, _)) => Err(LedgerError::OtherPayout { differs }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Header, Ledger, LedgerError, Record, VERSION};
    use crate::{
        BonusPaymentsId, StudyId, WorkspaceId,
        bonuses::{PaidBy, ledger::PartState},
        money::Currency,
    };

    fn header() -> Header {
        Header {
            version: VERSION,
            workspace: WorkspaceId::new("w1").unwrap(),
            study: StudyId::new("s1").unwrap(),
            currency: Currency::Gbp,
            bonuses: 3,
            amount: 450.into(),
            part_size: 2,
            plan: "0123".to_owned(),
        }
    }

    fn id(id: &str) -> BonusPaymentsId {
        BonusPaymentsId::new(id).unwrap()
    }

    fn steps() -> Vec<Record> {
        let before = vec![(0, vec![5.into()]), (1, vec![])];
        vec![
            Record::Created { part: 0, id: id("b0"), total: 390.into() },
            Record::Created { part: 1, id: id("b1"), total: 195.into() },
            Record::Sent { part: 0, id: id("b0"), at: 1_800_000_000, before },
            Record::NotPaid { part: 0, id: id("b0") },
            Record::Created { part: 0, id: id("b2"), total: 390.into() },
            Record::Sent { part: 0, id: id("b2"), at: 1_800_000_100, before: vec![] },
            Record::Confirmed { part: 0, id: id("b2"), by: PaidBy::Submissions },
        ]
    }

    async fn written(path: &std::path::Path) -> Vec<usize> {
        let mut ledger = Ledger::open(path.into(), header()).await.unwrap();
        let mut lengths = vec![fs::metadata(path).unwrap().len() as usize];
        for step in steps() {
            ledger.write(step).await.unwrap();
            lengths.push(fs::metadata(path).unwrap().len() as usize);
        }
        lengths
    }

    #[tokio::test]
    async fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        written(&path).await;
        let ledger = Ledger::open(path.clone(), header()).await.unwrap();
        let [paid, created] = &ledger.progress.parts[..] else { panic!("two parts") };
        assert!(matches!(paid, PartState::Paid { by: PaidBy::Submissions, .. }));
        assert!(matches!(created, PartState::Created { .. }));
        assert_eq!(ledger.progress.settled, [(id("b0"), false), (id("b2"), true)]);
    }

    #[tokio::test]
    async fn a_torn_record_is_cut_off_wherever_it_was_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let lengths = written(&path).await;
        let whole = fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let ledger = Ledger::open(path.clone(), header()).await.unwrap();
            let records = lengths.iter().filter(|length| **length <= cut).count();
            let mut expected = super::Progress::new(header());
            for step in steps().into_iter().take(records.saturating_sub(1)) {
                expected.apply(step).unwrap();
            }
            assert_eq!(ledger.progress, expected, "cut at {cut}");
            let left = fs::metadata(&path).unwrap().len() as usize;
            assert_eq!(left, lengths[records.saturating_sub(1)], "cut at {cut}");
        }
    }

    #[tokio::test]
    async fn a_record_that_was_changed_or_taken_out_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let lengths = written(&path).await;
        let whole = fs::read(&path).unwrap();
        for at in lengths[0]..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            let opened = Ledger::open(path.clone(), header()).await;
            // A line without its end may have been torn.
            let is_last = at == whole.len() - 1;
            let is_refused = matches!(opened, Err(LedgerError::Damaged { .. }));
            assert!(is_refused || is_last, "changed at {at}");
        }
        for line in 1..lengths.len() - 1 {
            let without = [&whole[..lengths[line - 1]], &whole[lengths[line]..]].concat();
            fs::write(&path, without).unwrap();
            let opened = Ledger::open(path.clone(), header()).await;
            assert!(matches!(opened, Err(LedgerError::Damaged { .. })), "without line {line}");
        }
    }

    #[tokio::test]
    async fn a_ledger_is_locked_while_it_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let ledger = Ledger::open(path.clone(), header()).await.unwrap();
        assert!(matches!(Ledger::open(path.clone(), header()).await, Err(LedgerError::InUse)));
        drop(ledger);
        assert!(Ledger::open(path, header()).await.is_ok());
    }

    #[tokio::test]
    async fn another_payout_and_another_file_are_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        written(&path).await;
        let others = [
            (Header { study: StudyId::new("s2").unwrap(), ..header() }, "the study"),
            (Header { workspace: WorkspaceId::new("w2").unwrap(), ..header() }, "the workspace"),
            (Header { part_size: 3, ..header() }, "the size of parts"),
            (Header { plan: "0124".to_owned(), ..header() }, "the plan"),
            (Header { amount: 451.into(), ..header() }, "the plan"),
        ];
        for (other, what) in others {
            let Err(LedgerError::OtherPayout { differs }) = Ledger::open(path.clone(), other).await
            else {
                panic!("{what} is refused")
            };
            assert_eq!(differs, what);
        }
        for text in ["id,amount\np1,1\n", "p1,1", "0123456789abcdef {}\n"] {
            fs::write(&path, text).unwrap();
            let opened = Ledger::open(path.clone(), header()).await;
            assert!(matches!(opened, Err(LedgerError::NotALedger)), "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        let opened = Ledger::open(folder.path().to_owned(), header()).await;
        assert!(matches!(opened, Err(LedgerError::Io(_))));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_reads_a_ledger() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        written(&path).await;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        Ledger::open(path.clone(), header()).await.unwrap();
        assert_eq!(mode(), 0o600);
    }

    #[tokio::test]
    async fn after_a_record_that_was_not_written_nothing_more_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let mut ledger = Ledger::open(path, header()).await.unwrap();
        ledger.is_broken = true;
        let step = steps().remove(0);
        assert!(matches!(ledger.write(step).await, Err(LedgerError::Broken)));
    }
}
