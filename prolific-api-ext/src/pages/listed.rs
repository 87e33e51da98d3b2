/// Builds the [`Pages`](super::Pages) of a list operation. What is captured is cloned for each
/// call, which requests the given page.
macro_rules! listed {
    ($resource:ident, $($list:tt)+) => {
        $crate::pages::listed!(of &$resource.prolific, $($list)+)
    };
    (
        of $prolific:expr, $operation:expr, $paging:expr, [$($captured:ident),*],
        |$api:ident, $page:ident| $call:expr
    ) => {{
        $( let $captured = $captured.clone(); )*
        $crate::pages::Pages::new(
            $prolific,
            $operation,
            $paging,
            move |prolific, $page| {
                $( let $captured = $captured.clone(); )*
                async move {
                    let $api = prolific.api();
                    $call.send().await
                }
            },
            $crate::model::row,
        )
    }};
}

/// Sets the page size, if the caller chose one.
macro_rules! sized {
    ($call:expr, $page:ident) => {{
        let call = $call;
        match $page.page_size {
            Some(size) => call.limit(size),
            None => call,
        }
    }};
}

pub(crate) use {listed, sized};
