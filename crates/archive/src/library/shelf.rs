//! Where an open archive keeps its library, and how it stays up to date.

use super::{Fresh, Library, Order};
use anjuan_store::{Read, ReadStore, StoreError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// Reports whose change is taken over in the background of other questions: those see the list as
/// it was until then, and hear of the change when it is there.
const LARGE: usize = 2_000;

/// The library of one open archive.
#[derive(Default)]
pub(crate) struct Shelf {
    library: RwLock<Option<Library>>,
    /// Held by whoever brings the library up to date.
    turn: Mutex<()>,
    /// Whether that takes long.
    long: AtomicBool,
    order: Mutex<Order>,
}

type Outcome<T> = Result<T, StoreError>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing behind these locks is ever left half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    /// Sets how text is put in order from now on.
    pub(crate) fn set_order(&self, order: Order) {
        *lock(&self.order) = order;
    }

    /// Asks the library at the state that a reader sees, or, while many changes at once are taken
    /// over, at the state before them.
    pub(crate) fn ask<T>(
        &self,
        reader: &ReadStore,
        question: impl FnOnce(&Library, &Read<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        loop {
            let read = reader.read();
            let sequence = read.sequence()?;
            if let Some(library) = self.as_it_is(sequence)
                && let Some(library) = library.as_ref()
            {
                if library.sequence() > sequence && !self.long.load(Ordering::Acquire) {
                    // Another question saw a later state meanwhile; the rows have to be of it too.
                    continue;
                }
                return question(library, &read);
            }
            self.follow(&read)?;
        }
    }

    /// The library where it can answer without being brought up to date.
    fn as_it_is(&self, sequence: u64) -> Option<RwLockReadGuard<'_, Option<Library>>> {
        let order = *lock(&self.order);
        let kept = self.library.read().unwrap_or_else(PoisonError::into_inner);
        let library = kept.as_ref()?;
        let current = library.sequence() >= sequence && library.order() == order;
        (current || self.long.load(Ordering::Acquire)).then_some(kept)
    }

    /// Brings the library to the state that a reader sees.
    pub(crate) fn follow(&self, read: &Read<'_>) -> Outcome<()> {
        let _turn = lock(&self.turn);
        let order = *lock(&self.order);
        let sequence = read.sequence()?;
        let kept = self.library.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = match kept.as_ref().filter(|library| library.order() == order) {
            Some(library) if library.sequence() >= sequence => return Ok(()),
            Some(library) => {
                let changes = read.listing_changes(library.sequence())?;
                self.long.store(changes.len() > LARGE, Ordering::Release);
                let fresh = Fresh::read(library, read, changes);
                fresh.inspect_err(|_| self.long.store(false, Ordering::Release))?
            }
            None => {
                drop(kept);
                let library = Library::read(read, order)?;
                *self.library.write().unwrap_or_else(PoisonError::into_inner) = Some(library);
                return Ok(());
            }
        };
        drop(kept);
        let mut kept = self.library.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(library) = kept.as_mut() {
            library.apply(fresh);
        }
        self.long.store(false, Ordering::Release);
        Ok(())
    }

    /// Makes ready what a first click asks for, so that it need not wait.
    pub(crate) fn prepare(&self, reader: &ReadStore) -> Outcome<()> {
        self.ask_with_marks(reader, |library, _| {
            library.prepare();
            Ok(())
        })
    }

    /// Asks the library as [`Self::ask`] does, once it knows what the user put on the reports. That is
    /// read behind the rest, so that the list itself is there at once.
    pub(crate) fn ask_with_marks<T>(
        &self,
        reader: &ReadStore,
        question: impl FnOnce(&Library, &Read<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        while !self.ask(reader, |library, _| Ok(library.marked()))? {
            let _turn = lock(&self.turn);
            let read = reader.read();
            let sequence = read.sequence()?;
            let current = |library: &Library| library.sequence() == sequence && !library.marked();
            let kept = self.library.read().unwrap_or_else(PoisonError::into_inner);
            if !kept.as_ref().is_some_and(current) {
                continue;
            }
            drop(kept);
            let marks = read.all_marks()?;
            if let Some(library) =
                self.library.write().unwrap_or_else(PoisonError::into_inner).as_mut()
            {
                library.set_marks(marks);
            }
        }
        self.ask(reader, question)
    }

    /// Asks the library where it knows already what the user put on the reports.
    pub(crate) fn ask_if_marked<T>(
        &self,
        reader: &ReadStore,
        question: impl FnOnce(&Library, &Read<'_>) -> Outcome<T>,
    ) -> Option<Outcome<T>> {
        let kept = self.library.read().unwrap_or_else(PoisonError::into_inner);
        let marked = kept.as_ref().is_some_and(Library::marked);
        drop(kept);
        marked.then(|| self.ask(reader, question))
    }
}
