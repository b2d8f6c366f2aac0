;; Comparisons stay one bit wide until something needs them as a number.
;;! x86_64 clif faults
;;! x86_64 clif checks
;;! aarch64 machine faults

(module
  (func (param i32 i32) (result i32)
    (i32.add (i32.lt_s (local.get 0) (local.get 1)) (i32.eqz (local.get 0))))
  (func (param i64) (result i64)
    (i64.extend_i32_u (i64.eqz (local.get 0))))
  (func (param i32 i32 f32 f32) (result f32)
    (select (local.get 2) (local.get 3) (i32.gt_u (local.get 0) (local.get 1))))
  (func (param i32 i32) (result i32)
    (i32.div_s (i32.rem_u (local.get 0) (i32.const 10)) (local.get 1)))
  (func (param f64) (result i32)
    (i32.trunc_f64_s (f64.nearest (local.get 0))))
  (func (param i64) (result i64)
    (i64.extend8_s (local.get 0))))
